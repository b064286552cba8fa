using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Changes;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Diagnostics;
using Thoth.Enforcer.Errors;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Serialization;
using Thoth.Enforcer.Storage;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Api;

/// <summary>Decides a call and records the decision before it responds: a call without a record was not permitted.</summary>
internal sealed class EnforceHandler(
    PolicyEngine engine, EnforcerDatabase database, ChangeFeed feed, EnforcerOptions options, TimeProvider time, ILogger<EnforceHandler> logger)
{
    /// <exception cref="ApiException">The request cannot be evaluated.</exception>
    public async Task<EnforceResponse> DecideAsync(string tenant, EnforceRequestBody body)
    {
        var started = time.GetTimestamp();
        var now = time.GetUtcNow();
        var request = EnforceRequestReader.Read(body, tenant, now);
        var verdict = engine.Evaluate(request);
        var decisionId = Guid.CreateVersion7(now).ToString("N");
        var decision = verdict.Decision with
        {
            Evidence = verdict.Decision.Evidence with { Latency = time.GetElapsedTime(started) },
            EnforcementTraceId = NonBlank(body.EnforcementTraceId),
            ActionAttestationId = NonBlank(body.ActionAttestationId),
        };

        // In observe mode the call does not wait, so no approval is requested.
        var hold = decision.Type == DecisionType.StepUp && request.Context.Mode != EnforcementMode.Observe
            ? NewHold.Of(request, verdict with { Decision = decision }, decisionId, options.HoldLifetime, now)
            : null;
        var refusal = hold is null ? null : decision with
        {
            Type = DecisionType.Block,
            DecisionReasonCode = LocalPolicyReasonCodes.TooManyHolds,
            Reason = "Too many calls already wait for an approval.",
            StepUpTimeout = null,
        };
        var isHeld = await database.WriteAsync(connection => Record(connection, request, hold, hold?.Decision ?? decision, refusal, decisionId));
        feed.Publish(new(ChangeKind.Decided, tenant, decisionId));
        if (hold is null)
        {
            return ResponseWriter.Of(decision, decisionId);
        }

        if (!isHeld)
        {
            EnforcerLog.TooManyHolds(logger, request.ToolName, options.MaxHolds);
            return ResponseWriter.Of(refusal!, decisionId);
        }

        EnforcerLog.CallHeld(logger, request.ToolName, hold.Row.ExpiresAt - hold.Row.HeldAt);
        feed.Publish(new(ChangeKind.Held, tenant, hold.Row.Id));
        return ResponseWriter.Of(hold.Decision with { HoldToken = hold.Token }, decisionId);
    }

    /// <returns>Whether the call is held; <see langword="false"/> if too many are.</returns>
    private bool Record(
        SqliteConnection connection, EnforcementRequest request, NewHold? hold, EnforcementDecision decision, EnforcementDecision? refusal, string id)
    {
        var isHeld = hold is not null && HoldTable.CountPending(connection, request.Context.TenantId, hold.Row.HeldAt) < options.MaxHolds;
        if (isHeld)
        {
            HoldTable.Add(connection, hold!.Row, hold.VerdictJson);
        }

        DecisionTable.Add(connection, RowOf(request, hold is null || isHeld ? decision : refusal!, id, isHeld ? hold!.Row.Id : null));
        return isHeld;
    }

    private static DecisionRow RowOf(EnforcementRequest request, EnforcementDecision decision, string id, string? hold) => new()
    {
        Id = id,
        Tenant = request.Context.TenantId,
        At = request.OccurredAt,
        Tool = request.ToolName,
        Session = request.Context.SessionId,
        Agent = request.Context.AgentId,
        User = request.Context.UserId,
        Environment = request.Context.Environment,
        Mode = WireNames.Of(request.Context.Mode),
        Decision = WireNames.Of(decision.Type),
        Code = decision.DecisionReasonCode,
        Reason = decision.Reason,
        Rules = decision.MatchedRuleIds,
        Risk = decision.Evidence.RiskScore,
        LatencyMs = decision.Evidence.Latency?.TotalMilliseconds ?? 0,
        Action = decision.ActionAttestationId,
        Hold = hold,
    };

    private static string? NonBlank(string? id) => string.IsNullOrWhiteSpace(id) ? null : id;
}
