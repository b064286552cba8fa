using System.Globalization;
using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>
/// Reads nodes as the types that the format wants. A mistake is reported and answered with a stand-in, so that one reading
/// finds them all.
/// </summary>
internal sealed class NodeReader(PolicyText text)
{
    public PolicyText Text => text;

    /// <summary>The object's members by key; unknown ones are reported.</summary>
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
                text.Report(member.Offset, member.Value.Key, $"Unknown key '{member.Name}'; {SpellingSuggestion.Suggest(member.Name, known)}");
            }
        }

        return members;
    }

    public List<PolicyMember> ObjectMembers(PolicyNode node) => Expect(node, JsonValueKind.Object, "an object") ? node.Members : [];

    public string String(PolicyNode node, string example)
    {
        if (!Expect(node, JsonValueKind.String, $"a text, such as \"{example}\""))
        {
            return "";
        }

        if (string.IsNullOrWhiteSpace(node.Text))
        {
            text.Report(node, $"The text is blank; write one, such as \"{example}\".");
        }

        return node.Text;
    }

    public int Choice(PolicyNode node, string[] words)
    {
        if (!Expect(node, JsonValueKind.String, $"one of {string.Join(", ", words)}"))
        {
            return -1;
        }

        var index = Array.IndexOf(words, node.Text);
        if (index < 0)
        {
            text.Report(node, $"'{node.Text}' is unknown; {SpellingSuggestion.Suggest(node.Text, words)}");
        }

        return index;
    }

    public bool Boolean(PolicyNode node)
    {
        if (node.Kind is not (JsonValueKind.True or JsonValueKind.False))
        {
            text.Report(node, $"This is {node.KindName}; write true or false.");
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
            text.Report(node, "The number is too large; write a smaller one.");
        }

        return value;
    }

    public int Integer(PolicyNode node, int least, int most)
    {
        if (node.Kind == JsonValueKind.Number && Json(node).TryGetInt32(out var value) && value >= least && value <= most)
        {
            return value;
        }

        var range = string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");
        text.Report(node, node.Kind == JsonValueKind.Number
            ? $"The number is out of range; write a whole number from {range}."
            : $"This is {node.KindName}; write a whole number from {range}.");
        return least;
    }

    /// <summary>One value or a list of at least one.</summary>
    public List<PolicyNode> OneOrMore(PolicyNode node)
    {
        if (node.Kind != JsonValueKind.Array)
        {
            return [node];
        }

        return RequireItems(node);
    }

    /// <summary>A list of at least one value.</summary>
    public List<PolicyNode> List(PolicyNode node) => Expect(node, JsonValueKind.Array, "a list") ? RequireItems(node) : [];

    public Scalar Scalar(PolicyNode node)
    {
        if (node.Kind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
        {
            return new(Json(node));
        }

        text.Report(node, node.Kind == JsonValueKind.Null
            ? "null counts as missing; write {\"exists\": false} as the condition."
            : $"This is {node.KindName}; write a text, a number, true or false.");
        return new(JsonElement.Parse("0"u8));
    }

    public Glob ToolGlob(PolicyNode node)
    {
        var pattern = String(node, "read_*");
        if (pattern.AsSpan().IndexOfAny("[]{}|\\,()^$") >= 0 || pattern.AsSpan().IndexOfAny(" \t\r\n") >= 0)
        {
            text.Report(node, "A tool pattern knows only * and ?; write several patterns as a list, such as [\"read_*\", \"search\"].");
        }

        return new(pattern);
    }

    public Glob[] ToolGlobs(PolicyNode node) => [.. OneOrMore(node).Select(ToolGlob)];

    public bool Expect(PolicyNode node, JsonValueKind kind, string wanted)
    {
        if (node.Kind == kind)
        {
            return true;
        }

        text.Report(node, $"This is {node.KindName}; write {wanted}.");
        return false;
    }

    private List<PolicyNode> RequireItems(PolicyNode node)
    {
        if (node.Items.Count == 0)
        {
            text.Report(node, "The list is empty and would never match; write at least one value or leave the key out.");
        }

        return node.Items;
    }
}
