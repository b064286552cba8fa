using System.Text.Json;
using System.Text.RegularExpressions;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>Reads the predicate of a condition on a value.</summary>
internal sealed class ValuePredicateReader(NodeReader reader)
{
    /// <summary>Replaces a predicate with an error; the policy is then not loaded.</summary>
    private static readonly ValuePredicate Placeholder = new AllPredicate([]);

    private readonly Contradiction _contradiction = new(reader);

    /// <summary>Reads an object of operators, a single value as <c>equals</c>, or an array as <c>in</c>.</summary>
    public ValuePredicate Read(PolicyNode node, string[] known, bool inNot = false)
    {
        if (node.Kind == JsonValueKind.Array)
        {
            return In(node);
        }

        if (node.Kind != JsonValueKind.Object)
        {
            return Equal(node);
        }

        var errors = reader.Text.ErrorCount;
        var members = reader.Members(node, known);
        if (node.Members.Count == 0)
        {
            reader.Text.Report(node, "The condition is empty. Write an operator, such as {\"equals\": \"eu\"}.");
        }

        if (members.TryGetValue("exists", out var exists) && (inNot || members.Count > 1))
        {
            reader.Text.Report(exists, inNot
                ? "'exists' cannot be negated with 'not'. Write {\"exists\": false} or {\"exists\": true} instead."
                : "'exists' cannot be combined: the other operators already require a value. Remove 'exists' or the others.");
        }

        ValuePredicate[] predicates = [.. members.Select(member => ReadOperator(member.Key, member.Value, known))];
        if (predicates.Length == 1)
        {
            return predicates[0];
        }

        var all = new AllPredicate(predicates);
        if (reader.Text.ErrorCount == errors && _contradiction.IsCertain(members, all))
        {
            reader.Text.Report(node, "No value satisfies all of these operators, so the condition is never true. Correct one of them.");
        }

        return all;
    }

    private ValuePredicate ReadOperator(string name, PolicyNode node, string[] known) => name switch
    {
        "equals" => Equal(node),
        "in" => In(node),
        "like" => Like(node),
        "matches" => Matches(node),
        "contains" => Contains(node),
        "greater" => Compare(node, above: true, orEqual: false),
        "at_least" => Compare(node, above: true, orEqual: true),
        "less" => Compare(node, above: false, orEqual: false),
        "at_most" => Compare(node, above: false, orEqual: true),
        "exists" => new ExistsPredicate(reader.Boolean(node)),
        "not" => Not(node, known),
        _ => Quantifier(node, name),
    };

    private EqualsPredicate Equal(PolicyNode node) => new([reader.Scalar(node)]);

    private EqualsPredicate In(PolicyNode node) => new([.. reader.List(node).Select(reader.Scalar)]);

    private LikePredicate Like(PolicyNode node) =>
        new([.. reader.OneOrMoreDistinct(node).Select(item => new Glob(reader.String(item, "*@example.com")))]);

    private ContainsPredicate Contains(PolicyNode node) =>
        new(reader.Scalar(node), node.Kind == JsonValueKind.String ? reader.String(node, "secret") : null);

    private ValuePredicate Compare(PolicyNode node, bool above, bool orEqual)
    {
        if (!reader.Expect(node, JsonValueKind.Number, "a number"))
        {
            return Placeholder;
        }

        return new ComparePredicate(PolicyNumber.From(reader.Json(node)), above, orEqual);
    }

    private ValuePredicate Matches(PolicyNode node)
    {
        var pattern = reader.String(node, "^[A-Z]{2}-");
        try
        {
            return new MatchesPredicate(new Regex(pattern, MatchesPredicate.Options, MatchesPredicate.Timeout));
        }
        catch (NotSupportedException)
        {
            reader.Text.Report(
                node, "The regular expression needs backtracking, as for a lookaround or a backreference. Use 'not' or several rules instead.");
        }
        catch (ArgumentException e)
        {
            reader.Text.Report(node, $"The regular expression is invalid. Correct it: {e.Message}");
        }

        return Placeholder;
    }

    private NotPredicate Not(PolicyNode node, string[] known) =>
        new(Read(node, [.. known.Where(static name => name is not ("not" or "any" or "all"))], inNot: true));

    private ValuePredicate Quantifier(PolicyNode node, string name)
    {
        reader.Text.Report(
            node, $"'{name}' is valid only as the single, outermost operator of a path with [*]. Move it there or remove it.");
        return Placeholder;
    }
}
