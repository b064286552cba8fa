namespace Thoth.Interception;

/// <summary>A condition on argument values.</summary>
internal sealed class ArgumentCondition(ArgumentPath path, ValueTest test, bool all) : Condition
{
    public override int Cost => 2;

    public override Truth Evaluate(ref PolicyCall call)
    {
        // args.name, without any further step: the commonest path by far.
        if (path.Steps is [{ Kind: PathStepKind.Property } only] && call.TryFind(only.Name, out var value))
        {
            return test.Evaluate(value);
        }

        var arguments = call.Arguments;
        return all ? path.All(arguments, test) : path.Any(arguments, test);
    }
}
