using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>A condition on who calls, where and what for.</summary>
internal sealed class ContextCondition(ContextAttribute subject, ValuePredicate test) : Condition
{
    public override int Cost => 0;

    public override TriState Evaluate(ref EvaluatedCall call)
    {
        var context = call.Request.Context;
        return test.Evaluate(new CallValue(subject switch
        {
            ContextAttribute.User => context.UserId,
            ContextAttribute.Agent => context.AgentId,
            ContextAttribute.Tenant => context.TenantId,
            ContextAttribute.Environment => context.Environment,
            ContextAttribute.SessionIntent => context.SessionIntent,
            ContextAttribute.Purpose => context.Purpose,
            _ => context.DataClassification,
        }));
    }
}
