namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>A condition on an attribute of the call's context.</summary>
internal sealed class ContextCondition(ContextAttribute attribute, ValuePredicate predicate) : Condition
{
    public override int Cost => 0;

    public override TriState Evaluate(ref EvaluatedCall call)
    {
        var context = call.Request.Context;
        return predicate.Evaluate(new CallValue(attribute switch
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
