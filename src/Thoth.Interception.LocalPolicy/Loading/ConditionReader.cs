using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>Reads a rule's <c>when</c>.</summary>
internal sealed class ConditionReader(NodeReader reader)
{
    private readonly ValuePredicateReader _tests = new(reader);
    private readonly HistoryReader _history = new(reader);

    /// <param name="node">The object.</param>
    /// <param name="permits">Whether the rule lets calls run: such a rule must say whether one or all of several values count.</param>
    public Condition[] Read(PolicyNode node, bool permits)
    {
        var members = reader.ObjectMembers(node);
        if (node.Kind == JsonValueKind.Object && members.Count == 0)
        {
            reader.Text.Report(node, "There is no condition; write one or remove 'when', which matches every call of the tools.");
        }

        return [.. members.Select(member => ReadCondition(member, permits)).OfType<Condition>().OrderBy(static one => one.Cost)];
    }

    private Condition? ReadCondition(PolicyMember member, bool permits)
    {
        var subject = Array.IndexOf(PolicyKeys.Conditions, member.Name);
        if (member.Name == "history")
        {
            return new HistoryCondition(_history.Read(member.Value, inNot: false));
        }

        if (subject >= 0)
        {
            return new ContextCondition((ContextAttribute)subject, _tests.Read(member.Value, PolicyKeys.TextOperators));
        }

        var isPath = member.Name == PathParser.Root
            || member.Name.StartsWith(PathParser.Root + ".", StringComparison.Ordinal)
            || member.Name.StartsWith(PathParser.Root + "[", StringComparison.Ordinal);
        if (isPath)
        {
            return ReadArgument(member, permits);
        }

        reader.Text.Report(member.Offset, member.Value.Key, SuggestCondition(member.Name));
        return null;
    }

    private static string SuggestCondition(string name)
    {
        // "arg.amount" and "arguments.amount" are paths whose root is misspelt.
        var end = name.AsSpan().IndexOfAny('.', '[');
        var root = end < 0 ? name : name[..end];
        return end >= 0 && root.StartsWith("arg", StringComparison.OrdinalIgnoreCase)
            ? $"Unknown condition '{name}'; did you mean '{PathParser.Root}{name[end..]}'?"
            : $"Unknown condition '{name}'; {SpellingSuggestion.Suggest(name, [.. PolicyKeys.Conditions, "args.<name>"])}";
    }

    private ArgumentCondition? ReadArgument(PolicyMember member, bool permits)
    {
        if (PathParser.TryParse(member.Name, out var error) is not { } path)
        {
            reader.Text.Report(member.Offset, member.Value.Key, error);
            return null;
        }

        var quantifier = path.HasWildcard ? QuantifierOf(member.Value) : null;
        if (path.HasWildcard && quantifier is null && permits)
        {
            reader.Text.Report(
                member.Offset,
                member.Value.Key,
                "A rule that lets calls run must say whether one or every element counts; write {\"all\": {...}} or {\"any\": {...}}.");
        }

        var test = _tests.Read(quantifier?.Value ?? member.Value, PolicyKeys.ArgumentOperators);
        return new(path, test, quantifier?.Name == "all");
    }

    private static PolicyMember? QuantifierOf(PolicyNode node) =>
        node is { Kind: JsonValueKind.Object, Members: [{ Name: "any" or "all" } only] } ? only : null;
}
