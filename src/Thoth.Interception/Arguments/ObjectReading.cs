using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Restores the types of values behind <c>object</c>. JSON does not tell them, so each kind of JSON is read as the type that the
/// caller's values of this kind had, if it was one scalar type; else as a <see cref="JsonElement"/>.
/// </summary>
internal sealed class ObjectReading
{
    [ThreadStatic]
    private static ObjectReading? t_current;

    private Type? _text;
    private Type? _number;
    private Type? _flag;
    private bool _hasUnsetElement;

    /// <summary>Learns from a value that is written.</summary>
    public void Learn(Type type)
    {
        if (type == typeof(bool))
        {
            _flag = type;
        }
        else if (type == typeof(string))
        {
            _text = type;
        }
        else if (type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(decimal))
        {
            _number = type;
        }
    }

    /// <summary>Learns that an element was never set: null is then read as such an element.</summary>
    public void LearnUnsetElement() => _hasUnsetElement = true;

    public void Clear() => (_text, _number, _flag, _hasUnsetElement) = (null, null, null, false);

    /// <summary>Reads an argument with what was learned.</summary>
    public object? Read(Func<ToolParameter, JsonElement, object?, object?> read, ToolParameter parameter, JsonElement json, object? original)
    {
        var outer = t_current;
        t_current = this;
        try
        {
            return read(parameter, json, original);
        }
        finally
        {
            t_current = outer;
        }
    }

    private Type TypeFor(JsonTokenType token) => token switch
    {
        JsonTokenType.String => _text,
        JsonTokenType.Number => _number,
        JsonTokenType.True or JsonTokenType.False => _flag,
        _ => null,
    } ?? typeof(JsonElement);

    /// <summary>Reads values behind <c>object</c>.</summary>
    internal sealed class Objects : JsonConverter<object>
    {
        public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize(ref reader, t_current?.TypeFor(reader.TokenType) ?? typeof(JsonElement), options);

        public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options) => throw new NotSupportedException();
    }

    /// <summary>Reads elements.</summary>
    internal sealed class Elements : JsonConverter<JsonElement>
    {
        public override bool HandleNull => true;

        public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null && t_current is { _hasUnsetElement: true } ? default : JsonElement.ParseValue(ref reader);

        public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => throw new NotSupportedException();
    }
}
