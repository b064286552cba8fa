using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace Extending.Policies;

internal static class PolicyCheck
{
    public static DecisionType Decide(string policyFile, string toolName, ReadOnlyMemory<byte> arguments, TimeProvider time)
    {
        using var engine = PolicyEngine.Load(new LocalPolicyOptions { Path = policyFile, ReloadOnChange = false });
        var verdict = engine.Evaluate(new EnforcementRequest
        {
            Context = new EnforcementContext
            {
                TenantId = "acme",
                AgentId = "support-agent",
                SessionId = "check",
                EnforcementTraceId = "check",
            },
            ToolName = toolName,
            Arguments = arguments,
            SessionToolCalls = [toolName],
            OccurredAt = time.GetUtcNow(),
        });
        Console.WriteLine($"{verdict.Decision} by {string.Join(", ", verdict.Decision.MatchedRuleIds)}");
        return verdict.Decision.Type;
    }
}
