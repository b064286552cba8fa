using System.Text.Json;

namespace Thoth.Interception;

/// <summary>One value of a call that a condition looks at: a part of the arguments or a text of the context.</summary>
internal readonly struct CallValue
{
    private readonly JsonElement _json;
    private readonly string? _text;

    public CallValue(JsonElement json) => _json = json;

    /// <summary>A blank text counts as missing, as it does on the wire (contract §1.2.1).</summary>
    public CallValue(string? text) => _text = string.IsNullOrWhiteSpace(text) ? null : text;

    public static CallValue Missing => default;

    public CallValueKind Kind => _text is not null
        ? CallValueKind.Text
        : _json.ValueKind switch
        {
            JsonValueKind.String => CallValueKind.Text,
            JsonValueKind.Number => CallValueKind.Number,
            JsonValueKind.True or JsonValueKind.False => CallValueKind.Boolean,
            JsonValueKind.Array => CallValueKind.List,
            JsonValueKind.Object => CallValueKind.Object,
            _ => CallValueKind.Missing,
        };

    /// <summary>The text; valid where <see cref="Kind"/> is <see cref="CallValueKind.Text"/>.</summary>
    public string Text => _text ?? _json.GetString()!;

    /// <summary>The number; valid where <see cref="Kind"/> is <see cref="CallValueKind.Number"/>.</summary>
    public PolicyNumber Number => PolicyNumber.From(_json);

    /// <summary>The truth value; valid where <see cref="Kind"/> is <see cref="CallValueKind.Boolean"/>.</summary>
    public bool Boolean => _json.ValueKind == JsonValueKind.True;

    /// <summary>The elements; valid where <see cref="Kind"/> is <see cref="CallValueKind.List"/>.</summary>
    public JsonElement.ArrayEnumerator Elements => _json.EnumerateArray();

    /// <summary>Compares without making a string of the argument.</summary>
    public bool TextEquals(string other) =>
        _text is not null ? string.Equals(_text, other, StringComparison.Ordinal) : _json.ValueEquals(other);
}
