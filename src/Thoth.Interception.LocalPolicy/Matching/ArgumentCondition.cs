using System.Text;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>A condition on the values at an argument path.</summary>
internal sealed class ArgumentCondition(ArgumentPath path, ValuePredicate predicate, bool all) : Condition
{
    /// <summary>The UTF-8 name if the path is just <c>args.name</c>, which is the most frequent form.</summary>
    private readonly byte[]? _singleName = path.Steps is [{ Kind: PathStepKind.Property } step] ? Encoding.UTF8.GetBytes(step.Name) : null;

    public override int Cost => 2;

    public override TriState Evaluate(ref EvaluatedCall call)
    {
        if (call.HasUnnamedArguments)
        {
            return TriState.Unknown;
        }

        if (_singleName is not null && call.TryFind(_singleName, out var value))
        {
            return predicate.Evaluate(value);
        }

        var arguments = call.Arguments;
        return all ? path.EvaluateAll(arguments, predicate) : path.EvaluateAny(arguments, predicate);
    }
}
