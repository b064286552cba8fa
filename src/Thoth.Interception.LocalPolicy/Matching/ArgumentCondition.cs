using System.Text;
using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>A condition on argument values.</summary>
internal sealed class ArgumentCondition(ArgumentPath path, ValuePredicate test, bool all) : Condition
{
    /// <summary>The name in <c>args.name</c>, without any further step: the commonest path by far.</summary>
    private readonly byte[]? _only = path.Steps is [{ Kind: PathStepKind.Property } only] ? Encoding.UTF8.GetBytes(only.Name) : null;

    public override int Cost => 2;

    public override TriState Evaluate(ref EvaluatedCall call)
    {
        if (_only is not null && call.TryFind(_only, out var value))
        {
            return test.Evaluate(value);
        }

        var arguments = call.Arguments;
        return all ? path.EvaluateAll(arguments, test) : path.EvaluateAny(arguments, test);
    }
}
