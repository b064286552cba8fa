using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Thoth.Conformance.Servers;

/// <summary>
/// The values of a case's placeholders, such as <c>{tool}</c>, <c>{id:action}</c> or a name that a step saved. A case has its own
/// ids, so cases do not meet in a session.
/// </summary>
internal sealed partial class CaseValues
{
    private const string Template = "$of";

    private readonly IReadOnlyDictionary<string, JsonElement> _templates;
    private readonly Dictionary<string, JsonElement?> _values = new(StringComparer.Ordinal);

    /// <param name="templates">What <c>$of</c> in a body may name.</param>
    /// <param name="target">The server.</param>
    /// <param name="tool">The tool of the case, if it has one.</param>
    /// <param name="now">The time of the requests.</param>
    public CaseValues(IReadOnlyDictionary<string, JsonElement> templates, ServerTarget target, string? tool, DateTimeOffset now)
    {
        _templates = templates;
        Put("tenant", target.Tenant);
        Put("agent", "conformance-agent");
        Put("now", now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        Put("ttl", now.AddDays(90).ToUnixTimeSeconds());
        if (tool is not null)
        {
            Put("tool", tool);
        }
    }

    /// <summary>Keeps a value of a response under a name; <see langword="null"/> if the response has none.</summary>
    public void Save(string name, JsonElement? value) => _values[name] = value is { ValueKind: JsonValueKind.Null } ? null : value;

    /// <summary>Fills a text.</summary>
    /// <param name="text">The text with placeholders.</param>
    /// <param name="escape">How a value is escaped, if it is.</param>
    /// <exception cref="ConformanceException">A placeholder has no value.</exception>
    public string Fill(string text, Func<string, string>? escape = null) => Placeholder().Replace(
        text, match => ValueOf(match.Groups[1].Value) is { } value
            ? (escape ?? (static plain => plain))(value.ToString())
            : throw new ConformanceException($"The placeholder {match.Value} has no value."));

    /// <summary>Fills JSON. A member whose whole value is a placeholder without a value is left out.</summary>
    public JsonNode? Fill(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object when json.TryGetProperty(Template, out var name) => FillTemplate(new StrictJson(json, "body"), name.GetString()!),
        JsonValueKind.Object => new JsonObject(json.EnumerateObject().Where(member => !IsMissing(member.Value))
            .Select(member => KeyValuePair.Create(member.Name, Fill(member.Value)))),
        JsonValueKind.Array => new JsonArray([.. json.EnumerateArray().Select(Fill)]),
        JsonValueKind.String => FillWhole(json.GetString()!),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(json),
    };

    /// <summary>Whether the value is a placeholder that a response gave no value for.</summary>
    public bool IsMissing(JsonElement json) => json.ValueKind == JsonValueKind.String && WholeName(json.GetString()!) is { } name && ValueOf(name) is null;

    private JsonNode? FillTemplate(StrictJson reference, string name)
    {
        reference.Take(Template);
        var template = _templates.TryGetValue(name, out var found) ? found : throw new ConformanceException($"The file has no template '{name}'.");
        var overlay = reference.Take("with");
        var without = reference.Texts("without");
        if (reference.Unread().FirstOrDefault() is { } unread)
        {
            throw new ConformanceException($"The runner does not know the key {unread}.");
        }

        var filled = Fill(template)!.AsObject();
        foreach (var member in overlay?.EnumerateObject() ?? default)
        {
            if (!IsMissing(member.Value))
            {
                filled[member.Name] = Fill(member.Value);
            }
        }

        foreach (var key in without.Where(key => !filled.Remove(key)))
        {
            throw new ConformanceException($"The template '{name}' has no '{key}'.");
        }

        return filled;
    }

    private JsonNode? FillWhole(string text) =>
        WholeName(text) is not { } name ? JsonValue.Create(Fill(text))
        : name.Split(':') is ["history", var calls] ? new JsonArray([.. Enumerable.Range(0, Number(calls)).Select(_ => JsonValue.Create(Fill("{tool}")))])
        : name.Split(':') is ["deep", var levels] ? Deep(Number(levels))
        : ValueOf(name) is { } value ? JsonNode.Parse(value.GetRawText())
        : throw new ConformanceException($"The placeholder {text} has no value.");

    private JsonElement? ValueOf(string name)
    {
        if (_values.TryGetValue(name, out var value))
        {
            return value;
        }

        switch (name.Split(':'))
        {
            case ["id", _]:
                Put(name, Guid.NewGuid().ToString());
                return _values[name];
            case ["text", var length]:
                return JsonMatch.ToJson(new string('x', Number(length)));
            case ["history" or "deep", _]:
                // Not a text: FillWhole makes the value.
                return JsonMatch.ToJson(name);
            default:
                throw new ConformanceException($"The runner does not know the placeholder {{{name}}}.");
        }
    }

    private void Put(string name, object value) => _values[name] = JsonMatch.ToJson(value);

    private static JsonNode Deep(int levels)
    {
        JsonNode node = JsonValue.Create(1);
        for (var i = 0; i < levels; i++)
        {
            node = new JsonObject { ["a"] = node };
        }

        return node;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string? WholeName(string text) => Placeholder().Match(text) is { Success: true } match && match.Length == text.Length ? match.Groups[1].Value : null;

    [GeneratedRegex(@"\{([a-z_][a-z0-9_:-]*)\}")]
    private static partial Regex Placeholder();
}
