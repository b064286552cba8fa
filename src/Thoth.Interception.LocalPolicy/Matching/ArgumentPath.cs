using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>A path into the arguments, such as <c>args.to[*].domain</c>; at least one step long.</summary>
internal sealed class ArgumentPath
{
    private readonly int _lastEach;

    public ArgumentPath(PathStep[] steps)
    {
        Steps = steps;
        _lastEach = Array.FindLastIndex(steps, static step => step.Kind == PathStepKind.Wildcard);
    }

    public PathStep[] Steps { get; }

    /// <summary>Whether the path may lead to several values.</summary>
    public bool HasWildcard => _lastEach >= 0;

    /// <summary>Whether one of the values passes the test.</summary>
    public TriState EvaluateAny(JsonElement arguments, ValuePredicate test)
    {
        var seen = false;
        var result = Walk(arguments, 0, test, all: false, ref seen);
        return seen ? result : test.ResultWithoutValues;
    }

    /// <summary>Whether each of the values passes the test; no value at all is no pass.</summary>
    public TriState EvaluateAll(JsonElement arguments, ValuePredicate test)
    {
        var seen = false;
        var result = Walk(arguments, 0, test, all: true, ref seen);
        return seen ? result : TriState.False;
    }

    private TriState Walk(JsonElement current, int index, ValuePredicate test, bool all, ref bool seen)
    {
        if (index == Steps.Length)
        {
            seen = true;
            return test.Evaluate(new CallValue(current));
        }

        if (current.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return EvaluateMissing(index, test, all, ref seen);
        }

        var step = Steps[index];
        switch (step.Kind)
        {
            case PathStepKind.Property when current.ValueKind == JsonValueKind.Object:
                return current.TryGetProperty(step.Name, out var member)
                    ? Walk(member, index + 1, test, all, ref seen)
                    : EvaluateMissing(index + 1, test, all, ref seen);
            case PathStepKind.Index when current.ValueKind == JsonValueKind.Array:
                return step.Index < current.GetArrayLength()
                    ? Walk(current[step.Index], index + 1, test, all, ref seen)
                    : EvaluateMissing(index + 1, test, all, ref seen);
            case PathStepKind.Wildcard when current.ValueKind is JsonValueKind.Array or JsonValueKind.Object:
                return WalkElements(current, index + 1, test, all, ref seen);
            default:
                // A list where an object was expected, or a text where the path goes on: nothing can be said about it.
                seen = true;
                return TriState.Unknown;
        }
    }

    private TriState WalkElements(JsonElement current, int next, ValuePredicate test, bool all, ref bool seen)
    {
        var result = all ? TriState.True : TriState.False;
        var decisive = all ? TriState.False : TriState.True;
        if (current.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in current.EnumerateArray())
            {
                var one = Walk(element, next, test, all, ref seen);
                result = all ? TriStateLogic.And(result, one) : TriStateLogic.Or(result, one);
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
                var one = Walk(member.Value, next, test, all, ref seen);
                result = all ? TriStateLogic.And(result, one) : TriStateLogic.Or(result, one);
                if (result == decisive)
                {
                    break;
                }
            }
        }

        return result;
    }

    /// <summary>A missing list has no elements; anything else that is missing is one missing value.</summary>
    private TriState EvaluateMissing(int next, ValuePredicate test, bool all, ref bool seen)
    {
        if (_lastEach >= next)
        {
            return all ? TriState.True : TriState.False;
        }

        seen = true;
        return test.Evaluate(CallValue.Missing);
    }
}
