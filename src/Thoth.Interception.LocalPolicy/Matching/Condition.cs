using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>One entry of a rule's <c>when</c>.</summary>
internal abstract class Condition
{
    /// <summary>The order in which a rule asks its conditions: what costs least first, arguments last.</summary>
    public abstract int Cost { get; }

    public abstract TriState Evaluate(ref EvaluatedCall call);
}
