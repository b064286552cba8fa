using System.Text.Json;
using System.Text.Unicode;
using Thoth.Interception.Serialization;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>
/// Reads the JSON object of a response (contract §1.2.2, §1.2.3). A value of the wrong type counts as missing. The camelCase name
/// is read if the snake_case one has no value.
/// </summary>
internal sealed class ResponseReader
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    private readonly Member[] _members = new Member[ResponsePropertyIndex.Count];

    /// <summary>A bit for each slot that has a value: most have none.</summary>
    private UInt128 _given;
    private bool _hasElements;
    private HashSet<string>? _others;
    private ReadOnlyMemory<byte> _json;

    /// <summary>Reads a body that must be exactly one object with each name once; <see langword="null"/> if it is not.</summary>
    /// <remarks>Only <paramref name="read"/> may use the reader: afterwards it reads the next response.</remarks>
    public static T? Read<T>(ReadOnlyMemory<byte> json, Func<ResponseReader, T?> read)
        where T : class
    {
        if (!Utf8.IsValid(json.Span))
        {
            return null;
        }

        var reader = ThreadCache<ResponseReader>.Take() ?? new ResponseReader();
        try
        {
            return reader.Take(json) ? read(reader) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second one stands for a name with half a surrogate pair.
            return null;
        }
        finally
        {
            reader.Clear();
            ThreadCache<ResponseReader>.TryKeep(reader);
        }
    }

    /// <summary>Whether one of the slots (<see cref="ResponsePropertyIndex.SlotsOf"/>) has a member.</summary>
    public bool HasAnyOf(UInt128 slots) => (_given & slots) != 0;

    /// <summary>The member as it is, in one of the field's spellings.</summary>
    public bool TryGet(ResponseProperty field, bool camel, out RawJsonValue value)
    {
        value = At(camel ? ResponsePropertyIndex.Camel(field) : ResponsePropertyIndex.Snake(field));
        return !value.Json.IsEmpty;
    }

    /// <summary>A text that is not empty.</summary>
    public string? Text(ResponseProperty field) => Chosen(field).NonEmptyText();

    /// <summary>An id that must be the request's. One of another type counts as absent, so it does not hide the other spelling's (contract §1.2.6).</summary>
    public string? EchoedId(ResponseProperty field) =>
        At(ResponsePropertyIndex.Snake(field)).NonEmptyText() ?? At(ResponsePropertyIndex.Camel(field)).NonEmptyText();

    public double? Number(ResponseProperty field) => Chosen(field).Number();

    public long? Integer(ResponseProperty field) => Chosen(field).Integer();

    /// <summary>A duration in whole seconds, within the range of an <see cref="int"/>.</summary>
    public TimeSpan? Seconds(ResponseProperty field) =>
        Integer(field) is >= int.MinValue and <= int.MaxValue and var seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>A duration in milliseconds, within the range of a <see cref="TimeSpan"/>.</summary>
    public TimeSpan? Milliseconds(ResponseProperty field) => Number(field) is { } milliseconds ? WireDuration.FromMilliseconds(milliseconds) : null;

    public JsonElement? Object(ResponseProperty field) =>
        ChosenSlot(field) is >= 0 and var slot && At(slot).IsObject ? ElementAt(slot) : null;

    public JsonElement? Value(ResponseProperty field) =>
        ChosenSlot(field) is >= 0 and var slot && !At(slot).IsNull ? ElementAt(slot) : null;

    /// <summary>The strings of a list, trimmed; blank ones and other values are left out.</summary>
    public IReadOnlyList<string> Texts(ResponseProperty field)
    {
        var list = Chosen(field);
        if (!list.IsList)
        {
            return [];
        }

        // Nearly every list has one text.
        var texts = new List<string>(1);
        var reader = new Utf8JsonReader(list.Json);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var item = Skip(ref reader, out _);
            if (new RawJsonValue(list.Json[item]).Text()?.Trim() is { Length: > 0 } text)
            {
                texts.Add(text);
            }
        }

        return texts.AsReadOnly();
    }

    public IReadOnlyList<JsonElement> Objects(ResponseProperty field) =>
        ChosenSlot(field) is >= 0 and var slot && At(slot).IsList
            ? [.. ElementAt(slot).EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.Object)]
            : [];

    /// <summary>The finite numbers of an object by their names.</summary>
    public IReadOnlyDictionary<string, double>? Numbers(ResponseProperty field)
    {
        if (Object(field) is not { } value)
        {
            return null;
        }

        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (RawJsonValue.Of(member.Value).Number() is { } number)
            {
                numbers.Add(member.Name, number);
            }
        }

        return numbers.AsReadOnly();
    }

    /// <summary>A property of an object inside the response, by the same rule as the response's own properties.</summary>
    public static JsonElement? MemberOf(JsonElement? inner, ResponseProperty field)
    {
        if (inner is not { ValueKind: JsonValueKind.Object } element)
        {
            return null;
        }

        return element.TryGetProperty(ResponsePropertyIndex.NameOf(ResponsePropertyIndex.Snake(field)), out var value) && !RawJsonValue.Of(value).IsEmptyOrNull ? value
            : element.TryGetProperty(ResponsePropertyIndex.NameOf(ResponsePropertyIndex.Camel(field)), out value) ? value
            : null;
    }

    /// <returns>Whether the JSON is an object in which each name is unique, at every level.</returns>
    private bool Take(ReadOnlyMemory<byte> json)
    {
        _json = json;
        var reader = new Utf8JsonReader(json.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var slot = ResponsePropertyIndex.Find(ref reader);
            if (!IsNew(slot, ref reader))
            {
                return false;
            }

            reader.Read();
            var value = Skip(ref reader, out var hasNames);
            if (slot >= 0)
            {
                _members[slot] = new(value, hasNames ? JsonElement.Parse(json.Span[value], s_strict) : default);
                _hasElements |= hasNames;
            }
            else if (hasNames)
            {
                JsonDocument.Parse(json[value], s_strict).Dispose();
            }
        }

        // Throws if anything but white space follows.
        return !reader.Read();
    }

    private void Clear()
    {
        if (_hasElements)
        {
            Array.Clear(_members);
        }

        (_given, _hasElements, _others, _json) = (0, false, null, default);
    }

    private bool IsNew(int slot, ref Utf8JsonReader reader)
    {
        if (slot < 0)
        {
            return (_others ??= new(StringComparer.Ordinal)).Add(reader.GetString()!);
        }

        var bit = UInt128.One << slot;
        var isNew = (_given & bit) == 0;
        _given |= bit;
        return isNew;
    }

    /// <summary>Moves to the end of the value that the reader is at.</summary>
    /// <returns>The position of the value.</returns>
    private static Range Skip(ref Utf8JsonReader reader, out bool hasNames)
    {
        var start = (int)reader.TokenStartIndex;
        hasNames = reader.TokenType == JsonTokenType.StartObject;
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var depth = reader.CurrentDepth;
            while (reader.Read() && reader.CurrentDepth > depth)
            {
                hasNames |= reader.TokenType == JsonTokenType.StartObject;
            }
        }

        return start..(int)reader.BytesConsumed;
    }

    private RawJsonValue Chosen(ResponseProperty field) => ChosenSlot(field) is >= 0 and var slot ? At(slot) : default;

    /// <summary>The slot that counts, or -1.</summary>
    private int ChosenSlot(ResponseProperty field)
    {
        var (snake, camel) = (ResponsePropertyIndex.Snake(field), ResponsePropertyIndex.Camel(field));
        if (((_given >> snake) & 3) == 0)
        {
            return -1;
        }

        return !At(snake).IsEmptyOrNull ? snake : Has(camel) ? camel : -1;
    }

    private bool Has(int slot) => ((_given >> slot) & 1) != 0;

    private RawJsonValue At(int slot) => Has(slot) ? new(_json.Span[_members[slot].Json]) : default;

    private JsonElement ElementAt(int slot) =>
        _members[slot].Element is { ValueKind: not JsonValueKind.Undefined } element ? element : JsonElement.Parse(At(slot).Json);

    /// <param name="Json">The position of the value in the response.</param>
    /// <param name="Element">The value if it has names inside, which had to be checked.</param>
    private readonly record struct Member(Range Json, JsonElement Element);
}
