using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>Writes each value behind <c>object</c> by its runtime type.</summary>
/// <param name="rules">Tells the types that converters of the application write.</param>
/// <param name="hasConverters">Whether the application has converters, which may be for scalars too.</param>
internal sealed class RuntimeTypeConverter(RuntimeTypeRules rules, bool hasConverters) : JsonConverter<object>
{
    private static readonly JsonConverter<object> s_keys = (JsonConverter<object>)JsonSerializerOptions.Default.GetConverter(typeof(object));

    public override object Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
    {
        var type = value.GetType();
        WritingNotes.Current?.Objects.Learn(type);
        if (!hasConverters && TryWriteScalar(writer, value))
        {
            WritingNotes.Current?.Add(type);
            return;
        }

        RuntimeTypeRules.Note(value, typeof(object), hasConverters && rules.IsConverted(type));
        if (type == typeof(object))
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
        }
        else
        {
            var shown = ObjectProxies.ShownTypeOf(type);
            if (shown != type)
            {
                // A copy would be without what the proxy does.
                WritingNotes.Current?.Add(new object());
            }

            JsonSerializer.Serialize(writer, value, shown, options);
        }
    }

    public override void WriteAsPropertyName(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
    {
        if (value is string name)
        {
            TextConverters.WriteName(writer, name);
        }
        else
        {
            WritingNotes.Current?.Add(value.GetType());
            s_keys.WriteAsPropertyName(writer, value, options);
        }
    }

    /// <summary>Writes the commonest types without another use of the serializer. The JSON is the same to the letter.</summary>
    private static bool TryWriteScalar(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                TextConverters.WriteText(writer, text);
                return true;
            case bool flag:
                writer.WriteBooleanValue(flag);
                return true;
            case int number:
                writer.WriteNumberValue(number);
                return true;
            case long number:
                writer.WriteNumberValue(number);
                return true;
            case double number:
                writer.WriteNumberValue(number);
                return true;
            case decimal number:
                writer.WriteNumberValue(number);
                return true;
            default:
                return false;
        }
    }
}
