using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception;

namespace QuickStart.Snippets;

/// <summary>README, docs/extending.md: a custom enforcer.</summary>
internal static class CustomEnforcerSnippet
{
    public static void Use(IServiceCollection services)
    {
        // snippet: use-custom-enforcer
        services.AddThoth().UseEnforcer<OfficeHoursEnforcer>();
        // end-snippet
    }
}

// snippet: custom-enforcer
internal sealed class OfficeHoursEnforcer(TimeProvider time) : IEnforcer
{
    public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken)
    {
        var isOpen = time.GetLocalNow().Hour is >= 8 and < 18;
        return ValueTask.FromResult(new EnforcementDecision
        {
            Type = isOpen || request.Action == ToolAction.Read ? DecisionType.Allow : DecisionType.Block,
            DecisionReasonCode = isOpen ? "office_open" : "office_closed",
            Reason = isOpen ? "The office is open." : "Outside office hours tools may only read.",
        });
    }
}
// end-snippet
