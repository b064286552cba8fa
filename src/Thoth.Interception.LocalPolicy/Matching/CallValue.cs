using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>A value of the call that a predicate evaluates: a part of the arguments, or an attribute of the context.</summary>
internal readonly struct CallValue
{
    private readonly JsonElement _json;
    private readonly string? _text;
    private readonly PolicyNumber _number;

    public CallValue(JsonElement json)
    {
        _json = json;
        Kind = json.ValueKind switch
        {
            JsonValueKind.String => CallValueKind.String,
            JsonValueKind.Number => CallValueKind.Number,
            JsonValueKind.True or JsonValueKind.False => CallValueKind.Boolean,
            JsonValueKind.Array => CallValueKind.Array,
            JsonValueKind.Object => CallValueKind.Object,
            _ => CallValueKind.Missing,
        };
    }

    /// <summary>Wraps an attribute of the context. A blank one is missing, as on the wire (contract §1.2.1).</summary>
    public CallValue(string? text)
    {
        _text = string.IsNullOrWhiteSpace(text) ? null : text;
        Kind = _text is null ? CallValueKind.Missing : CallValueKind.String;
    }

    private CallValue(CallValueKind kind, string? text, PolicyNumber number, bool boolean)
    {
        (Kind, _text, _number, Boolean) = (kind, text, number, boolean);
    }

    public static CallValue Missing => default;

    public CallValueKind Kind { get; }

    /// <summary>Reads the string, number, Boolean or null that is the reader's current token.</summary>
    public static CallValue ReadScalar(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => new(CallValueKind.String, reader.GetString(), default, false),
        JsonTokenType.Number => new(CallValueKind.Number, null, PolicyNumber.From(ref reader), false),
        JsonTokenType.True or JsonTokenType.False => new(CallValueKind.Boolean, null, default, reader.TokenType == JsonTokenType.True),
        _ => Missing,
    };

    /// <summary>Gets the string; valid if <see cref="Kind"/> is <see cref="CallValueKind.String"/>.</summary>
    public string Text => _text ?? _json.GetString()!;

    /// <summary>Gets the number; valid if <see cref="Kind"/> is <see cref="CallValueKind.Number"/>.</summary>
    public PolicyNumber Number => _json.ValueKind == JsonValueKind.Number ? PolicyNumber.From(_json) : _number;

    /// <summary>Gets the Boolean; valid if <see cref="Kind"/> is <see cref="CallValueKind.Boolean"/>.</summary>
    public bool Boolean => _json.ValueKind == JsonValueKind.True || field;

    /// <summary>Gets the elements; valid if <see cref="Kind"/> is <see cref="CallValueKind.Array"/>.</summary>
    public JsonElement.ArrayEnumerator Elements => _json.EnumerateArray();

    /// <summary>Compares by ordinal, without allocating a string for the argument.</summary>
    public bool TextEquals(string other) =>
        _text is not null ? string.Equals(_text, other, StringComparison.Ordinal) : _json.ValueEquals(other);
}
