using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>A path into the arguments, such as <c>args.to[*].domain</c>. It has at least one step.</summary>
internal sealed class ArgumentPath
{
    private readonly int _lastWildcard;

    public ArgumentPath(PathStep[] steps)
    {
        Steps = steps;
        _lastWildcard = Array.FindLastIndex(steps, static step => step.Kind == PathStepKind.Wildcard);
    }

    public PathStep[] Steps { get; }

    /// <summary>Gets whether the path may select several values.</summary>
    public bool HasWildcard => _lastWildcard >= 0;

    /// <summary>Evaluates whether the predicate is true for at least one of the selected values. Without a value it is false.</summary>
    public TriState EvaluateAny(JsonElement arguments, ValuePredicate predicate)
    {
        var hasValue = false;
        return Walk(arguments, 0, predicate, all: false, ref hasValue);
    }

    /// <summary>Evaluates whether the predicate is true for every selected value. Without a value it is false.</summary>
    public TriState EvaluateAll(JsonElement arguments, ValuePredicate predicate)
    {
        var hasValue = false;
        var result = Walk(arguments, 0, predicate, all: true, ref hasValue);
        return hasValue ? result : TriState.False;
    }

    private TriState Walk(JsonElement current, int index, ValuePredicate predicate, bool all, ref bool hasValue)
    {
        if (index == Steps.Length)
        {
            hasValue = true;
            return predicate.Evaluate(new CallValue(current));
        }

        if (current.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return EvaluateMissing(index, predicate, all, ref hasValue);
        }

        var step = Steps[index];
        switch (step.Kind)
        {
            case PathStepKind.Property when current.ValueKind == JsonValueKind.Object:
                return current.TryGetProperty(step.Name, out var member)
                    ? Walk(member, index + 1, predicate, all, ref hasValue)
                    : EvaluateMissing(index + 1, predicate, all, ref hasValue);
            case PathStepKind.Index when current.ValueKind == JsonValueKind.Array:
                return step.Index < current.GetArrayLength()
                    ? Walk(current[step.Index], index + 1, predicate, all, ref hasValue)
                    : EvaluateMissing(index + 1, predicate, all, ref hasValue);
            case PathStepKind.Wildcard when current.ValueKind is JsonValueKind.Array or JsonValueKind.Object:
                return WalkElements(current, index + 1, predicate, all, ref hasValue);
            default:
                // The value has another type than the path expects, such as a string in place of an object.
                hasValue = true;
                return TriState.Unknown;
        }
    }

    private TriState WalkElements(JsonElement current, int next, ValuePredicate predicate, bool all, ref bool hasValue)
    {
        var result = all ? TriState.True : TriState.False;
        var decisive = all ? TriState.False : TriState.True;
        if (current.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in current.EnumerateArray())
            {
                var match = Walk(element, next, predicate, all, ref hasValue);
                result = all ? TriStateLogic.And(result, match) : TriStateLogic.Or(result, match);
                if (result == decisive)
                {
                    break;
                }
            }
        }
        else
        {
            foreach (var member in current.EnumerateObject())
            {
                var match = Walk(member.Value, next, predicate, all, ref hasValue);
                result = all ? TriStateLogic.And(result, match) : TriStateLogic.Or(result, match);
                if (result == decisive)
                {
                    break;
                }
            }
        }

        return result;
    }

    /// <summary>Evaluates a path that ends early: a missing array has no elements, all else is one missing value.</summary>
    private TriState EvaluateMissing(int next, ValuePredicate predicate, bool all, ref bool hasValue)
    {
        if (_lastWildcard >= next)
        {
            return all ? TriState.True : TriState.False;
        }

        hasValue = true;
        return predicate.Evaluate(CallValue.Missing);
    }
}
