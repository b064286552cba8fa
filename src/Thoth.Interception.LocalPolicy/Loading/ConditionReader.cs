using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>Reads the conditions of a rule: its <c>when</c>.</summary>
internal sealed class ConditionReader(NodeReader reader)
{
    private readonly ValuePredicateReader _predicates = new(reader);
    private readonly HistoryReader _history = new(reader);
    private readonly ContextValueCheck _contextValues = new(reader.Text);

    /// <summary>Reads the conditions.</summary>
    /// <param name="node">The value of <c>when</c>.</param>
    /// <param name="permits">Whether the rule permits calls. Its paths with <c>[*]</c> then need <c>any</c> or <c>all</c>.</param>
    /// <returns>The conditions, cheapest first.</returns>
    public Condition[] Read(PolicyNode node, bool permits)
    {
        var members = reader.ObjectMembers(node);
        if (node.Kind == JsonValueKind.Object && members.Count == 0)
        {
            reader.Text.Report(node, "'when' has no condition. Write one, or remove 'when' to match every call of the tools.");
        }

        var paths = new DistinctPaths(reader.Text, "condition");
        return [.. members.Select(member => ReadCondition(member, permits, paths)).OfType<Condition>().OrderBy(static condition => condition.Cost)];
    }

    private Condition? ReadCondition(PolicyMember member, bool permits, DistinctPaths paths)
    {
        if (member.Name == "history")
        {
            return new HistoryCondition(_history.Read(member.Value, inNot: false));
        }

        var attribute = Array.IndexOf(PolicyKeys.Conditions, member.Name);
        if (attribute >= 0)
        {
            _contextValues.Check(member.Name, member.Value);
            return new ContextCondition((ContextAttribute)attribute, _predicates.Read(member.Value, PolicyKeys.TextOperators));
        }

        var isPath = member.Name == PathParser.Root
            || member.Name.StartsWith(PathParser.Root + ".", StringComparison.Ordinal)
            || member.Name.StartsWith(PathParser.Root + "[", StringComparison.Ordinal);
        if (isPath)
        {
            return ReadArgument(member, permits, paths);
        }

        reader.Text.Report(member, SuggestCondition(member.Name));
        return null;
    }

    private static string SuggestCondition(string name)
    {
        // For "arg.amount" or "arguments.amount", the root of the path is misspelt.
        var end = name.AsSpan().IndexOfAny('.', '[');
        var root = end < 0 ? name : name[..end];
        return end >= 0 && root.StartsWith("arg", StringComparison.OrdinalIgnoreCase)
            ? $"Unknown condition '{PolicyText.Shown(name)}'. Did you mean '{PolicyText.Shown(PathParser.Root + name[end..])}'?"
            : $"Unknown condition '{PolicyText.Shown(name)}'. {SpellingSuggestion.Suggest(name, [.. PolicyKeys.Conditions, "args.<name>"])}";
    }

    private ArgumentCondition? ReadArgument(PolicyMember member, bool permits, DistinctPaths paths)
    {
        if (PathParser.TryParse(member.Name, out var error) is not { } path)
        {
            reader.Text.Report(member, error);
            return null;
        }

        paths.Add(path, member.Name, member.Offset, member.Value.Place);

        var quantifier = path.HasWildcard ? QuantifierOf(member.Value) : null;
        if (path.HasWildcard && quantifier is null && permits
            && !SpellingSuggestion.IsMisspelt(member.Value, "any", PolicyKeys.ArgumentOperators)
            && !SpellingSuggestion.IsMisspelt(member.Value, "all", PolicyKeys.ArgumentOperators))
        {
            reader.Text.Report(
                member,
                "A rule that permits calls must state whether one or every element counts. Write {\"all\": {...}} or {\"any\": {...}}.");
        }

        var predicate = _predicates.Read(quantifier?.Value ?? member.Value, PolicyKeys.ArgumentOperators);
        return new(path, predicate, quantifier?.Name == "all");
    }

    private static PolicyMember? QuantifierOf(PolicyNode node) =>
        node is { Kind: JsonValueKind.Object, Members: [{ Name: "any" or "all" } member] } ? member : null;
}
