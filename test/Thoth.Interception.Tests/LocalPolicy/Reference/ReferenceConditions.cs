using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>The conditions of a rule, evaluated for one call. An unknown result is null.</summary>
internal sealed class ReferenceConditions(EnforcementRequest call, ISet<string> used)
{
    private readonly IReadOnlyList<string> _history = HistoryOf(call);

    /// <summary>Gets the earlier calls of the session, oldest first. The last of the request's calls is the call itself.</summary>
    public static IReadOnlyList<string> HistoryOf(EnforcementRequest call) => [.. call.SessionToolCalls.SkipLast(1)];

    /// <summary>Evaluates the conditions: strings, history, arguments; the first that is false ends the evaluation.</summary>
    /// <exception cref="UnreadableArgumentsException">A condition needs the arguments.</exception>
    public bool? Evaluate(ReferenceRule rule)
    {
        bool? result = true;
        foreach (var (key, condition) in (rule.When ?? []).OrderBy(pair => OrderOf(pair.Key)))
        {
            var one = OrderOf(key) switch
            {
                0 => Evaluate(condition, StringOf(key)),
                1 => EvaluateHistory(condition!.AsObject()),
                _ => EvaluateArguments(key, condition, rule.Restricts),
            };
            if (one == false)
            {
                return false;
            }

            result = one is null ? null : result;
        }

        return result;
    }

    private static int OrderOf(string key) => key == "history" ? 1 : key.StartsWith("args", StringComparison.Ordinal) ? 2 : 0;

    private JsonNode? StringOf(string key)
    {
        var value = key switch
        {
            "user" => call.Context.UserId,
            "agent" => call.Context.AgentId,
            "tenant" => call.Context.TenantId,
            "environment" => call.Context.Environment,
            "session_intent" => call.Context.SessionIntent,
            "purpose" => call.Context.Purpose,
            "data_classification" => call.Context.DataClassification,
            _ => throw new ArgumentOutOfRangeException(nameof(key), key, "Not a key of the document."),
        };
        return string.IsNullOrWhiteSpace(value) ? null : JsonValue.Create(value);
    }

    private bool EvaluateHistory(JsonObject condition) => condition.All(pair => Used("history " + pair.Key, pair.Key switch
    {
        "contains" => _history.Any(tool => ReferencePattern.IsMatchOfOne(pair.Value!, tool)),
        "follows" => Follows([.. ReferenceJson.OneOrMore(pair.Value)]),
        "count" => IsCount(pair.Value!.AsObject()),
        "not" => !EvaluateHistory(pair.Value!.AsObject()),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), pair.Key, "Not an operator of the document."),
    })!.Value);

    private bool Follows(JsonNode?[] patterns)
    {
        var first = _history.Count - patterns.Length;
        return first >= 0 && patterns.Index().All(item => ReferencePattern.IsMatch((string)item.Item!, _history[first + item.Index]));
    }

    private bool IsCount(JsonObject count)
    {
        var calls = _history.Count(tool => ReferencePattern.IsMatchOfOne(count["tools"]!, tool));
        return calls >= ((int?)count["at_least"] ?? 0) && calls <= ((int?)count["at_most"] ?? int.MaxValue);
    }

    private bool? EvaluateArguments(string path, JsonNode? condition, bool restricts)
    {
        var steps = ReferenceStep.Parse(path);
        var values = ReferenceSelection.Select(ReferenceJson.ReadArguments(call.Arguments), steps);
        if (!steps.Any(step => step.IsEach))
        {
            return Evaluate(condition, values.Single());
        }

        var (quantifier, nested) = condition is JsonObject item && item.First() is { Key: "any" or "all" } pair
            ? (pair.Key, pair.Value)
            : restricts ? ("any", condition) : throw new ArgumentException("The document asks for any or all.", nameof(condition));
        var results = values.Select(value => Evaluate(nested, value)).ToList();
        return Used(quantifier, results.Count == 0 ? false : quantifier == "any" ? Or(results) : And(results));
    }

    private bool? Evaluate(JsonNode? condition, Selected value) => value.IsUnknown ? null : Evaluate(condition, value.Value);

    private bool? Evaluate(JsonNode? condition, JsonNode? value) => condition switch
    {
        JsonArray => EvaluateOperator("in", condition, value),
        JsonObject operators => And([.. operators.Select(pair => EvaluateOperator(pair.Key, pair.Value, value))]),
        _ => EvaluateOperator("equals", condition, value),
    };

    private bool? EvaluateOperator(string name, JsonNode? operand, JsonNode? value) => Used(name, name switch
    {
        "exists" => (bool)operand! == value is not null,
        "not" => value is null ? null : !Evaluate(operand, value),
        _ when value is null => false,
        "equals" => ReferenceJson.HaveSameType(operand, value) ? ReferenceJson.AreEqual(operand, value) : null,
        "in" => operand!.AsArray().Any(item => ReferenceJson.AreEqual(item, value)) ? true
            : operand!.AsArray().Any(item => ReferenceJson.HaveSameType(item, value)) ? false : null,
        "like" => ReferenceJson.IsString(value) ? ReferencePattern.IsMatchOfOne(operand!, (string)value!) : null,
        "matches" => ReferenceJson.IsString(value) ? IsMatch((string)operand!, (string)value!) : null,
        "contains" when value is JsonArray elements => elements.Any(element => ReferenceJson.AreEqual(operand, element)) ? true
            : elements.Any(element => element is not null && !ReferenceJson.HaveSameType(operand, element)) ? null : false,
        "contains" => ReferenceJson.IsString(operand) && ReferenceJson.IsString(value)
            ? ((string)value!).Contains((string)operand!, StringComparison.Ordinal)
            : null,
        _ when !ReferenceJson.IsNumber(value) => null,
        "greater" => Compare(value, operand) > 0,
        "at_least" => Compare(value, operand) >= 0,
        "less" => Compare(value, operand) < 0,
        "at_most" => Compare(value, operand) <= 0,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not an operator of the document."),
    });

    private static int Compare(JsonNode? value, JsonNode? operand) => ReferenceJson.NumberOf(value).CompareTo(ReferenceJson.NumberOf(operand));

    private static bool IsMatch(string expression, string value) =>
        Regex.IsMatch(value, expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static bool? And(IReadOnlyCollection<bool?> results) => results.Contains(false) ? false : results.Contains(null) ? null : true;

    private static bool? Or(IReadOnlyCollection<bool?> results) => results.Contains(true) ? true : results.Contains(null) ? null : false;

    private bool? Used(string name, bool? result)
    {
        used.Add($"{name}: {(result is { } known ? known ? "true" : "false" : "unknown")}");
        return result;
    }
}
