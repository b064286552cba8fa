using System.Text.Json;

namespace Thoth.Conformance;

/// <summary>An object of a case. It knows which of its keys were read, so that a key without a reader is found.</summary>
internal sealed class StrictJson
{
    private readonly JsonElement _json;
    private readonly string _path;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<StrictJson> _children = [];

    public StrictJson(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new ConformanceException($"{(path.Length == 0 ? "The case" : path)} is not an object.");
        }

        _json = json;
        _path = path;
    }

    public JsonElement Json => _json;

    /// <summary>The value, which the reader interprets wholly; <see langword="null"/> where the key is missing.</summary>
    public JsonElement? Take(string key)
    {
        _read.Add(key);
        return _json.TryGetProperty(key, out var value) ? value : null;
    }

    public bool Has(string key) => _json.TryGetProperty(key, out _);

    public string? Text(string key) => Take(key) is { } value ? Of(value, JsonValueKind.String, key).GetString() : null;

    public double? Number(string key) => Take(key) is { } value ? Of(value, JsonValueKind.Number, key).GetDouble() : null;

    public int? Count(string key) => Take(key) is { } value ? Of(value, JsonValueKind.Number, key).GetInt32() : null;

    public bool? Flag(string key) => Take(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw new ConformanceException($"{PathOf(key)} is not a Boolean."),
    };

    public IReadOnlyList<JsonElement> List(string key) =>
        Take(key) is { } value ? [.. Of(value, JsonValueKind.Array, key).EnumerateArray()] : [];

    public IReadOnlyList<string> Texts(string key) => [.. List(key).Select(item => Of(item, JsonValueKind.String, key).GetString()!)];

    /// <summary>An object whose keys have to be read one by one too.</summary>
    public StrictJson? Object(string key) => Take(key) is { } value ? Child(value, PathOf(key)) : null;

    /// <summary>The same for each object of a list.</summary>
    public IReadOnlyList<StrictJson> Objects(string key) => [.. List(key).Select((item, index) => Child(item, $"{PathOf(key)}[{index}]"))];

    /// <summary>Gets the paths of all keys that were not read.</summary>
    public IEnumerable<string> Unread() =>
        _json.EnumerateObject().Where(property => !_read.Contains(property.Name)).Select(property => PathOf(property.Name))
            .Concat(_children.SelectMany(child => child.Unread()));

    private StrictJson Child(JsonElement value, string path)
    {
        var child = new StrictJson(value, path);
        _children.Add(child);
        return child;
    }

    private string PathOf(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private JsonElement Of(JsonElement value, JsonValueKind kind, string key) =>
        value.ValueKind == kind ? value : throw new ConformanceException($"{PathOf(key)} is {value.ValueKind} where {kind} belongs.");
}
