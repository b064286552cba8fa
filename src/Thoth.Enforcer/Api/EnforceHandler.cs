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
    private static readonly Dictionary<string, long> s_noCalls = [];

    /// <exception cref="ApiException">The request cannot be evaluated.</exception>
    public async Task<EnforceResponse> DecideAsync(string tenant, ReceivedCall call)
    {
        var started = time.GetTimestamp();
        var now = time.GetUtcNow();
        var request = call.ToRequest(tenant, now);
        var decisionId = Guid.CreateVersion7(now).ToString("N");

        // A verdict that depends on counts is made by the writer, which runs one change after another. Others are made here.
        var dependsOnCounts = false;
        var verdict = Evaluate(new RemoteCall(request)
        {
            Sdk = call.Sdk,
            PermittedCalls = () =>
            {
                dependsOnCounts = true;
                return s_noCalls;
            },
        });
        var (decision, hold) = await database.WriteAsync(connection => Record(
            connection, call, request, dependsOnCounts ? Evaluate(call.ToRemote(request, connection)) : verdict, decisionId, started));
        Publish(request, decision, hold, decisionId);
        return ResponseWriter.Of(decision, decisionId);
    }

    private PolicyVerdict Evaluate(RemoteCall call)
    {
        try
        {
            return engine.Evaluate(call);
        }
        catch (FormatException e)
        {
            throw ApiException.Malformed(e.Message);
        }
    }

    /// <summary>Records the decision, holds the call if it needs an approval, and counts it if it runs.</summary>
    /// <returns>The decision as the caller gets it, and the hold if the call is held.</returns>
    private (EnforcementDecision Decision, NewHold? Hold) Record(
        SqliteConnection connection, ReceivedCall call, EnforcementRequest request, in PolicyVerdict verdict, string decisionId, long started)
    {
        var decision = verdict.Decision with
        {
            Evidence = verdict.Decision.Evidence with { Latency = time.GetElapsedTime(started) },
            EnforcementTraceId = NonBlank(call.Body.EnforcementTraceId),
            ActionAttestationId = NonBlank(call.Body.ActionAttestationId),
        };

        // In observe mode the call does not wait, so no approval is requested.
        var isObserved = request.Context.Mode == EnforcementMode.Observe;
        NewHold? hold = null;
        if (decision.Type == DecisionType.StepUp && !isObserved)
        {
            if (HoldTable.CountPending(connection, request.Context.TenantId, request.OccurredAt) < options.MaxHolds)
            {
                hold = NewHold.Of(
                    request, call.ToJson(), verdict with { Decision = decision }, decisionId, options.HoldLifetime, request.OccurredAt);
                decision = hold.Decision;
                HoldTable.Add(connection, hold.Row, hold.VerdictJson);
            }
            else
            {
                decision = decision with
                {
                    Type = DecisionType.Block,
                    DecisionReasonCode = LocalPolicyReasonCodes.TooManyHolds,
                    Reason = "Too many calls already wait for an approval.",
                    StepUpTimeout = null,
                };
            }
        }

        if (isObserved || decision.Type is DecisionType.Allow or DecisionType.Modify)
        {
            call.Count(connection, request, request.OccurredAt);
        }

        DecisionTable.Add(connection, RowOf(request, decision, decisionId, hold?.Row.Id));
        return (hold is null ? decision : decision with { HoldToken = hold.Token }, hold);
    }

    private void Publish(EnforcementRequest request, EnforcementDecision decision, NewHold? hold, string decisionId)
    {
        feed.Publish(new(ChangeKind.Decided, request.Context.TenantId, decisionId));
        if (hold is not null)
        {
            EnforcerLog.CallHeld(logger, request.ToolName, hold.Row.ExpiresAt - hold.Row.HeldAt);
            feed.Publish(new(ChangeKind.Held, request.Context.TenantId, hold.Row.Id));
        }
        else if (decision.DecisionReasonCode == LocalPolicyReasonCodes.TooManyHolds)
        {
            EnforcerLog.TooManyHolds(logger, request.ToolName, options.MaxHolds);
        }
    }

    /// <summary>Creates the record of a decision.</summary>
    public static DecisionRow RowOf(EnforcementRequest request, EnforcementDecision decision, string id, string? hold) => new()
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
