using System.Globalization;
using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>
/// Reads nodes as the types that the format requires. After an error it reports, it returns a placeholder, so that one pass
/// finds all errors.
/// </summary>
internal sealed class NodeReader(PolicyText text)
{
    private readonly RepeatedValues _repeated = new(text);

    public PolicyText Text => text;

    /// <summary>Gets the object's members by key and reports unknown keys.</summary>
    public Dictionary<string, PolicyNode> Members(PolicyNode node, string[] known)
    {
        var members = new Dictionary<string, PolicyNode>(StringComparer.Ordinal);
        foreach (var member in ObjectMembers(node))
        {
            if (known.Contains(member.Name, StringComparer.Ordinal))
            {
                members[member.Name] = member.Value;
            }
            else
            {
                text.Report(member, $"Unknown key '{PolicyText.Shown(member.Name)}'. {SpellingSuggestion.Suggest(member.Name, known)}");
            }
        }

        return members;
    }

    public List<PolicyMember> ObjectMembers(PolicyNode node) => Expect(node, JsonValueKind.Object, "an object") ? node.Members : [];

    public string String(PolicyNode node, string example)
    {
        if (!Expect(node, JsonValueKind.String, $"a string, such as \"{example}\""))
        {
            return "";
        }

        if (string.IsNullOrWhiteSpace(node.Text))
        {
            text.Report(node, $"The string is blank. Write one, such as \"{example}\".");
        }

        return node.Text;
    }

    public int Choice(PolicyNode node, string[] values)
    {
        if (!Expect(node, JsonValueKind.String, $"one of {string.Join(", ", values)}"))
        {
            return -1;
        }

        var index = Array.IndexOf(values, node.Text);
        if (index < 0)
        {
            text.Report(node, $"'{PolicyText.Shown(node.Text)}' is unknown. {SpellingSuggestion.Suggest(node.Text, values)}");
        }

        return index;
    }

    public bool Boolean(PolicyNode node)
    {
        if (node.Kind is not (JsonValueKind.True or JsonValueKind.False))
        {
            text.Report(node, $"This is {node.KindName}. Write true or false.");
        }

        return node.Kind == JsonValueKind.True;
    }

    public JsonElement Json(PolicyNode node) => JsonElement.Parse(text.Slice(node).Span);

    public double Number(PolicyNode node)
    {
        if (!Expect(node, JsonValueKind.Number, "a number"))
        {
            return 0;
        }

        var value = Json(node).GetDouble();
        if (!double.IsFinite(value))
        {
            text.Report(node, "The number is too large. Write a smaller one.");
        }

        return value;
    }

    public int Integer(PolicyNode node, int min, int max)
    {
        if (node.Kind == JsonValueKind.Number && Json(node).TryGetInt32(out var value) && value >= min && value <= max)
        {
            return value;
        }

        var range = string.Create(CultureInfo.InvariantCulture, $"{min} to {max}");
        text.Report(node, node.Kind == JsonValueKind.Number
            ? $"The number is fractional or out of range. Write a whole number from {range}."
            : $"This is {node.KindName}. Write a whole number from {range}.");
        return min;
    }

    /// <summary>Reads one value, or an array of at least one value.</summary>
    public List<PolicyNode> OneOrMore(PolicyNode node)
    {
        if (node.Kind != JsonValueKind.Array)
        {
            return [node];
        }

        return RequireItems(node);
    }

    /// <summary>Reads one value, or an array of at least one value, none of them twice.</summary>
    public List<PolicyNode> OneOrMoreDistinct(PolicyNode node) => Distinct(OneOrMore(node));

    /// <summary>Reads an array of at least one value, none of them twice.</summary>
    public List<PolicyNode> List(PolicyNode node) => Expect(node, JsonValueKind.Array, "an array") ? Distinct(RequireItems(node)) : [];

    public Scalar Scalar(PolicyNode node)
    {
        if (node.Kind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
        {
            return new(Json(node));
        }

        text.Report(node, node.Kind == JsonValueKind.Null
            ? "null counts as missing. Write {\"exists\": false} as the condition."
            : $"This is {node.KindName}. Write a string, a number, true or false.");
        return new(JsonElement.Parse("0"u8));
    }

    public Glob ToolGlob(PolicyNode node)
    {
        var pattern = String(node, "read_*");
        if (pattern.AsSpan().IndexOfAny("[]{}|\\,()^$") >= 0 || pattern.Any(static c => c == ' ' || char.IsControl(c)))
        {
            text.Report(node, "A tool pattern consists of a name and the wildcards * and ?. Write several patterns as an array, such as [\"read_*\", \"search\"].");
        }

        return new(pattern);
    }

    /// <summary>Reads the tools of which one must match.</summary>
    public Glob[] ToolGlobs(PolicyNode node) => [.. OneOrMoreDistinct(node).Select(ToolGlob)];

    /// <summary>Reads tools in the order of their calls; one may come twice.</summary>
    public Glob[] ToolSequence(PolicyNode node) => [.. OneOrMore(node).Select(ToolGlob)];

    /// <summary>Reports an error unless the node is of the kind.</summary>
    public bool Expect(PolicyNode node, JsonValueKind kind, string expected)
    {
        if (node.Kind == kind)
        {
            return true;
        }

        text.Report(node, $"This is {node.KindName}. Write {expected}.");
        return false;
    }

    private List<PolicyNode> Distinct(List<PolicyNode> items)
    {
        _repeated.Report(items);
        return items;
    }

    private List<PolicyNode> RequireItems(PolicyNode node)
    {
        if (node.Items.Count == 0)
        {
            text.Report(node, "The array is empty and would never match. Write at least one value or remove the key.");
        }

        return node.Items;
    }
}
