using System.Text.Json;
using System.Text.Unicode;

namespace Thoth.Interception;

/// <summary>
/// One JSON object of an answer (contract §1.2.2, §1.2.3). A value of the wrong type counts as absent; the camelCase spelling
/// is read where the snake_case one says nothing.
/// </summary>
internal sealed class WireObject
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);

    private WireObject(JsonElement element)
    {
        foreach (var member in element.EnumerateObject())
        {
            _members[member.Name] = member.Value;
        }
    }

    /// <summary>Reads a body that must be exactly one object, each name in it once; <see langword="null"/> where it is not.</summary>
    /// <remarks>Whatever is read of the object must be read by <paramref name="read"/>: its memory is given back afterwards.</remarks>
    public static T? Read<T>(ReadOnlyMemory<byte> json, Func<WireObject, T?> read)
        where T : class
    {
        if (!Utf8.IsValid(json.Span))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json, s_strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(new WireObject(document.RootElement)) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is a name that is half a surrogate pair.
            return null;
        }
    }

    public static WireObject Of(JsonElement element) => new(element);

    public bool TryGet(string name, out JsonElement value) => _members.TryGetValue(name, out value);

    /// <summary>A text that says something.</summary>
    public string? Text(string snake, string? camel = null) => TextOf(Find(snake, camel)) is { Length: > 0 } text ? text : null;

    public double? Number(string snake, string? camel = null) =>
        Find(snake, camel) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : null;

    /// <summary>45 as well as 45.0, but not 45.5.</summary>
    public long? Integer(string snake, string? camel = null)
    {
        if (Find(snake, camel) is not { ValueKind: JsonValueKind.Number } value)
        {
            return null;
        }

        if (value.TryGetInt64(out var integer))
        {
            return integer;
        }

        return value.TryGetDecimal(out var number) && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue
            ? (long)number
            : null;
    }

    public int? SmallInteger(string snake, string? camel = null) =>
        Integer(snake, camel) is >= int.MinValue and <= int.MaxValue and var value ? (int)value : null;

    public JsonElement? Object(string snake, string? camel = null) =>
        Find(snake, camel) is { ValueKind: JsonValueKind.Object } value ? value.Clone() : null;

    public JsonElement? Value(string snake, string? camel = null) =>
        Find(snake, camel) is { ValueKind: not JsonValueKind.Null } value ? value.Clone() : null;

    public WireObject? Inner(string snake, string? camel = null) =>
        Find(snake, camel) is { ValueKind: JsonValueKind.Object } value ? new WireObject(value) : null;

    /// <summary>The texts of a list, trimmed; whatever else is in it is left out.</summary>
    public IReadOnlyList<string> Texts(string snake, string? camel = null)
    {
        if (Find(snake, camel) is not { ValueKind: JsonValueKind.Array } list)
        {
            return [];
        }

        var texts = new List<string>();
        foreach (var item in list.EnumerateArray())
        {
            if (TextOf(item)?.Trim() is { Length: > 0 } text)
            {
                texts.Add(text);
            }
        }

        return texts.AsReadOnly();
    }

    public IReadOnlyList<JsonElement> Objects(string snake, string? camel = null) =>
        Find(snake, camel) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item => item.Clone())]
            : [];

    /// <summary>The finite numbers of an object by their names.</summary>
    public IReadOnlyDictionary<string, double>? Numbers(string snake, string? camel = null)
    {
        if (Inner(snake, camel) is not { } inner)
        {
            return null;
        }

        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var name in inner._members.Keys)
        {
            if (inner.Number(name) is { } number)
            {
                numbers.Add(name, number);
            }
        }

        return numbers.AsReadOnly();
    }

    public static string? TextOf(JsonElement? value)
    {
        try
        {
            return value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no text.
            return null;
        }
    }

    private JsonElement? Find(string snake, string? camel) =>
        _members.TryGetValue(snake, out var value) && !SaysNothing(value) ? value
        : camel is not null && _members.TryGetValue(camel, out value) ? value
        : null;

    private static bool SaysNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(ReadOnlySpan<byte>.Empty),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };
}
