using Thoth.Interception;

namespace Extending.Enforcers;

internal sealed class TicketEnforcer(ITickets tickets) : IHoldEnforcer
{
    public async ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken)
    {
        if (request.Action == ToolAction.Read)
        {
            return new EnforcementDecision { Type = DecisionType.Allow };
        }

        var held = new EnforcementDecision
        {
            Type = DecisionType.StepUp,
            DecisionReasonCode = "ticket_required",
            Reason = "A change needs an approved ticket.",
            StepUpTimeout = TimeSpan.FromMinutes(10),
        };

        // In observe mode no call waits, so no ticket is opened. Otherwise the ticket's secret key is the hold token.
        return request.Context.Mode == EnforcementMode.Observe
            ? held
            : held with { HoldToken = await tickets.OpenAsync(request.ToolName, request.Arguments, cancellationToken) };
    }

    public async ValueTask<HoldStatus> GetHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken) =>
        await tickets.FindAsync(holdToken, cancellationToken) switch
        {
            null => HoldStatus.NotFound(),
            TicketState.Open => HoldStatus.Pending(retryAfter: TimeSpan.FromSeconds(30)),
            TicketState.Approved => HoldStatus.Resolved(new EnforcementDecision { Type = DecisionType.Allow }),
            _ => HoldStatus.Resolved(new EnforcementDecision
            {
                Type = DecisionType.Block,
                DecisionReasonCode = "ticket_denied",
                Reason = "The ticket was denied.",
            }),
        };
}
