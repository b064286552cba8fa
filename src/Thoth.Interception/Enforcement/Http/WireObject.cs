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

    /// <summary>A whole answer is read by one thread, which leaves this for its next one.</summary>
    [ThreadStatic]
    private static WireObject? t_free;

    private readonly JsonElement[] _members = new JsonElement[WireSlot.Count];

    /// <summary>A bit for each field that the object has in either spelling: most fields are in no answer.</summary>
    private ulong _fields;

    /// <summary>Reads a body that must be exactly one object, each name in it once; <see langword="null"/> where it is not.</summary>
    /// <remarks>Whatever is read of the object must be read by <paramref name="read"/>: its memory is given back afterwards.</remarks>
    public static T? Read<T>(ReadOnlyMemory<byte> json, Func<WireObject, T?> read)
        where T : class
    {
        if (!Utf8.IsValid(json.Span))
        {
            return null;
        }

        var answer = t_free ?? new WireObject();
        t_free = null;
        try
        {
            using var document = JsonDocument.Parse(json, s_strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(answer.With(document.RootElement)) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is a name that is half a surrogate pair.
            return null;
        }
        finally
        {
            Array.Clear(answer._members);
            answer._fields = 0;
            t_free = answer;
        }
    }

    /// <summary>The member as it is, in one of the field's spellings.</summary>
    public bool TryGet(WireField field, bool camel, out JsonElement value)
    {
        value = _members[camel ? WireSlot.Camel(field) : WireSlot.Snake(field)];
        return value.ValueKind != JsonValueKind.Undefined;
    }

    /// <summary>A text that says something.</summary>
    public string? Text(WireField field) => TextOf(Find(field)) is { Length: > 0 } text ? text : null;

    public double? Number(WireField field) => NumberOf(Find(field));

    /// <summary>45 as well as 45.0, but not 45.5.</summary>
    public long? Integer(WireField field)
    {
        if (Find(field) is not { ValueKind: JsonValueKind.Number } value)
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

    public int? SmallInteger(WireField field) =>
        Integer(field) is >= int.MinValue and <= int.MaxValue and var value ? (int)value : null;

    public JsonElement? Object(WireField field) =>
        Find(field) is { ValueKind: JsonValueKind.Object } value ? value.Clone() : null;

    public JsonElement? Value(WireField field) =>
        Find(field) is { ValueKind: not JsonValueKind.Null } value ? value.Clone() : null;

    /// <summary>The texts of a list, trimmed; whatever else is in it is left out.</summary>
    public IReadOnlyList<string> Texts(WireField field)
    {
        if (Find(field) is not { ValueKind: JsonValueKind.Array } list)
        {
            return [];
        }

        var texts = new string[list.GetArrayLength()];
        var count = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (TextOf(item)?.Trim() is { Length: > 0 } text)
            {
                texts[count++] = text;
            }
        }

        return Array.AsReadOnly(count == texts.Length ? texts : texts[..count]);
    }

    public IReadOnlyList<JsonElement> Objects(WireField field) =>
        Find(field) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item => item.Clone())]
            : [];

    /// <summary>The finite numbers of an object by their names.</summary>
    public IReadOnlyDictionary<string, double>? Numbers(WireField field)
    {
        if (Find(field) is not { ValueKind: JsonValueKind.Object } value)
        {
            return null;
        }

        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (NumberOf(member.Value) is { } number)
            {
                numbers.Add(member.Name, number);
            }
        }

        return numbers.AsReadOnly();
    }

    /// <summary>An object inside of another one of the answer.</summary>
    public JsonElement? Object(WireField outer, WireField field) =>
        MemberOf(Find(outer), field) is { ValueKind: JsonValueKind.Object } value ? value.Clone() : null;

    /// <summary>A member of an object, by the same rule as the answer's own.</summary>
    public static JsonElement? MemberOf(JsonElement? inner, WireField field)
    {
        return inner is { ValueKind: JsonValueKind.Object } element
            ? Chosen(At(element, WireSlot.Snake(field)), At(element, WireSlot.Camel(field)))
            : null;

        static JsonElement At(JsonElement element, int slot) => element.TryGetProperty(WireSlot.NameOf(slot), out var value) ? value : default;
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

    public static double? NumberOf(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Number } element && element.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    private WireObject With(JsonElement element)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (WireSlot.TryFind(member, out var slot))
            {
                _members[slot] = member.Value;
                _fields |= BitOf(WireSlot.FieldOf(slot));
            }
        }

        return this;
    }

    private JsonElement? Find(WireField field) =>
        (_fields & BitOf(field)) == 0 ? null : Chosen(_members[WireSlot.Snake(field)], _members[WireSlot.Camel(field)]);

    private static JsonElement? Chosen(JsonElement snake, JsonElement camel)
    {
        var value = SaysNothing(snake) ? camel : snake;
        return value.ValueKind == JsonValueKind.Undefined ? null : value;
    }

    private static ulong BitOf(WireField field) => 1UL << (int)field;

    private static bool SaysNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(ReadOnlySpan<byte>.Empty),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };
}
