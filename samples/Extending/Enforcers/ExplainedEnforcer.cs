using Thoth.Interception;

namespace Extending.Enforcers;

internal sealed class ExplainedEnforcer(IEnforcer inner) : IExplainingEnforcer
{
    public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) =>
        inner.EvaluateAsync(request, cancellationToken);

    public ValueTask<Explanation?> ExplainAsync(
        EnforcementRequest request, EnforcementDecision decision, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Explanation?>(new Explanation
        {
            ViolationId = decision.ViolationId ?? request.ActionAttestationId,
            WhatHappened = $"The agent called {request.ToolName}.",
            WhyItWasBlocked = decision.Reason ?? "The policy does not allow it.",
            WhatToDoNext = "Ask the support team for access.",
            BusinessImpact = "The customer's request stays open.",
            Severity = "low",
        });
}
