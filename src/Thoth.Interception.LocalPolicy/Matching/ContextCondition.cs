using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>A condition on who calls, where and what for.</summary>
internal sealed class ContextCondition(ContextSubject subject, ValuePredicate test) : Condition
{
    public override int Cost => 0;

    public override TriState Evaluate(ref PolicyCall call)
    {
        var context = call.Request.Context;
        return test.Evaluate(new CallValue(subject switch
        {
            ContextSubject.User => context.UserId,
            ContextSubject.Agent => context.AgentId,
            ContextSubject.Tenant => context.TenantId,
            ContextSubject.Environment => context.Environment,
            ContextSubject.SessionIntent => context.SessionIntent,
            ContextSubject.Purpose => context.Purpose,
            _ => context.DataClassification,
        }));
    }
}
