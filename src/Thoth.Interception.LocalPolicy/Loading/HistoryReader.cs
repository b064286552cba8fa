using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>Reads a condition on the session's earlier calls.</summary>
internal sealed class HistoryReader(NodeReader reader)
{
    /// <summary>The most calls that a session's history contains, with the call under evaluation (contract §1.2.1).</summary>
    private const int MaxSessionCalls = 128;

    public HistoryPredicate[] Read(PolicyNode node, bool inNot)
    {
        var known = inNot ? [.. PolicyKeys.HistoryOperators.Where(static name => name != "not")] : PolicyKeys.HistoryOperators;
        var members = reader.Members(node, known);
        if (node is { Kind: JsonValueKind.Object, Members.Count: 0 })
        {
            reader.Text.Report(node, "The condition is empty. Write an operator, such as {\"contains\": \"read_inbox\"}.");
        }

        if (members.TryGetValue("contains", out var contained) && members.TryGetValue("not", out var not) && IsExcluded(contained, not))
        {
            reader.Text.Report(node, "The history never contains a tool that it does not contain. Correct 'contains' or 'not'.");
        }

        return [.. members.Select(member => ReadPredicate(member.Key, member.Value))];
    }

    /// <summary>Gets whether each of the tools is also one that the negation names.</summary>
    private static bool IsExcluded(PolicyNode contained, PolicyNode not)
    {
        if (not.Members is not [{ Name: "contains" } member])
        {
            return false;
        }

        var excluded = Texts(member.Value).ToHashSet(StringComparer.Ordinal);
        return excluded.Contains("*") || Texts(contained).All(excluded.Contains);
    }

    private static IEnumerable<string> Texts(PolicyNode node) =>
        node.Kind == JsonValueKind.Array ? node.Items.Select(static item => item.Text) : [node.Text];

    private HistoryPredicate ReadPredicate(string name, PolicyNode node) => name switch
    {
        "contains" => new HistoryContainsPredicate(reader.ToolGlobs(node)),
        "follows" => ReadFollows(node),
        "not" => new HistoryNotPredicate(Read(node, inNot: true)),
        _ => ReadCount(node),
    };

    private HistoryFollowsPredicate ReadFollows(PolicyNode node)
    {
        var sequence = reader.ToolSequence(node);
        if (sequence.Length >= MaxSessionCalls)
        {
            reader.Text.Report(
                node, $"The history has at most {MaxSessionCalls - 1} calls, so this sequence of {sequence.Length} never matches. Shorten it.");
        }

        return new(sequence);
    }

    private HistoryCountPredicate ReadCount(PolicyNode node)
    {
        var members = reader.Members(node, PolicyKeys.Count);
        var atLeast = members.TryGetValue("at_least", out var least) ? reader.Integer(least, 0, MaxSessionCalls - 1) : 0;
        var atMost = members.TryGetValue("at_most", out var most) ? reader.Integer(most, 0, MaxSessionCalls - 1) : int.MaxValue;
        if (node.Kind == JsonValueKind.Object)
        {
            if (!members.ContainsKey("tools") && !SpellingSuggestion.IsMisspelt(node, "tools", PolicyKeys.Count))
            {
                reader.Text.Report(node, "The key 'tools' is missing. Write the tools to count, such as \"tools\": \"refund\".");
            }

            if (least is null && most is null
                && !SpellingSuggestion.IsMisspelt(node, "at_least", PolicyKeys.Count)
                && !SpellingSuggestion.IsMisspelt(node, "at_most", PolicyKeys.Count))
            {
                reader.Text.Report(node, "'count' has no bound. Write 'at_least', 'at_most' or both.");
            }

            if (least is not null && most is null && reader.Text.Slice(least).Span.SequenceEqual("0"u8))
            {
                reader.Text.Report(least, "A count is never less than 0, so the condition is always true. Write a larger number, or remove it.");
            }

            if (atLeast > atMost)
            {
                reader.Text.Report(node, "'at_least' is greater than 'at_most', so the condition is never true. Exchange them.");
            }
        }

        return new(members.TryGetValue("tools", out var tools) ? reader.ToolGlobs(tools) : [], atLeast, atMost);
    }
}
