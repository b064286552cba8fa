using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>
/// Finds operators on one value that no value satisfies. It reports only what is certain: the types that the operators need,
/// ranges of numbers, and single values that another operator excludes.
/// </summary>
internal sealed class Contradiction(NodeReader reader)
{
    /// <summary>Longer lists are not tried value by value.</summary>
    private const int MaxCandidates = 1_000;

    [Flags]
    private enum Kinds
    {
        None = 0,
        String = 1,
        Number = 2,
        Boolean = 4,
        Array = 8,
        All = String | Number | Boolean | Array,
    }

    /// <summary>Gets whether no value satisfies all operators.</summary>
    /// <param name="members">The operators, all of which are valid.</param>
    /// <param name="predicate">The predicate that they stand for.</param>
    public bool IsCertain(Dictionary<string, PolicyNode> members, ValuePredicate predicate)
    {
        if (members.Aggregate(Kinds.All, static (kinds, member) => kinds & KindsOf(member.Key, member.Value)) == Kinds.None)
        {
            return true;
        }

        var range = RangeOf(members);
        if (range is not null && (range.IsEmpty || IsExcluded(range, members)))
        {
            return true;
        }

        return CandidatesOf(members, range) is { Count: <= MaxCandidates } candidates
            && candidates.TrueForAll(node => predicate.Evaluate(new CallValue(reader.Json(node))) != TriState.True);
    }

    /// <summary>Gets the only values that can satisfy the operators, or <see langword="null"/> if they are not a list.</summary>
    private static List<PolicyNode>? CandidatesOf(Dictionary<string, PolicyNode> members, NumberRange? range) =>
        members.TryGetValue("equals", out var single) ? [single]
        : members.TryGetValue("in", out var list) ? list.Items
        : range is { IsPoint: true } ? [members.TryGetValue("at_least", out var bound) ? bound : members["at_most"]]
        : null;

    private bool IsExcluded(NumberRange range, Dictionary<string, PolicyNode> members) =>
        members.TryGetValue("not", out var not)
        && not.Kind == JsonValueKind.Object
        && not.Members.TrueForAll(static member => IsComparison(member.Name))
        && RangeOf(Operators(not))?.Contains(range) == true;

    private NumberRange? RangeOf(IEnumerable<KeyValuePair<string, PolicyNode>> members)
    {
        NumberRange? range = null;
        foreach (var (name, node) in members)
        {
            if (IsComparison(name))
            {
                (range ??= new()).Add(name, PolicyNumber.From(reader.Json(node)));
            }
        }

        return range;
    }

    private static IEnumerable<KeyValuePair<string, PolicyNode>> Operators(PolicyNode node) =>
        node.Members.Select(static member => KeyValuePair.Create(member.Name, member.Value));

    private static bool IsComparison(string name) => name is "greater" or "at_least" or "less" or "at_most";

    /// <summary>Gets the types of values that the operator can evaluate. For a value of another type it is not true.</summary>
    private static Kinds KindsOf(string name, PolicyNode node) => name switch
    {
        "like" or "matches" => Kinds.String,
        "contains" => node.Kind == JsonValueKind.String ? Kinds.String | Kinds.Array : Kinds.Array,
        "equals" or "in" => KindsOf(node),

        // One operator that is false makes the negation true, even if another cannot be evaluated.
        "not" when node.Kind == JsonValueKind.Object =>
            Operators(node).Aggregate(Kinds.None, static (kinds, member) => kinds | KindsOf(member.Key, member.Value)),
        "not" => KindsOf(node),
        _ when IsComparison(name) => Kinds.Number,
        _ => Kinds.All,
    };

    private static Kinds KindsOf(PolicyNode node) => node.Kind switch
    {
        JsonValueKind.String => Kinds.String,
        JsonValueKind.Number => Kinds.Number,
        JsonValueKind.True or JsonValueKind.False => Kinds.Boolean,
        _ => node.Items.Aggregate(Kinds.None, static (kinds, item) => kinds | KindsOf(item)),
    };
}
