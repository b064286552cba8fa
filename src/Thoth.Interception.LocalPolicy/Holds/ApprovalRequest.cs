namespace Thoth.Interception.LocalPolicy;

/// <summary>Represents a held call that an approver decides about.</summary>
/// <remarks>
/// It contains the complete arguments, also sensitive ones: show them only to people who may see them. It does not contain
/// the hold token, which only the waiting caller has.
/// </remarks>
public sealed class ApprovalRequest
{
    /// <summary>Creates what an approver is shown. Applications get theirs from the enforcer; tests of an approver create their own.</summary>
    /// <param name="request">The held call.</param>
    /// <param name="decision">The decision that holds the call; its hold token is not shown.</param>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> or <paramref name="decision"/> is <see langword="null"/>.</exception>
    public ApprovalRequest(EnforcementRequest request, EnforcementDecision decision)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(decision);
        Request = request;
        Decision = decision;
    }

    /// <summary>Gets the id of the held call. It is not a secret.</summary>
    public string ActionAttestationId => Request.ActionAttestationId;

    /// <summary>Gets the tool's exact name.</summary>
    public string ToolName => Request.ToolName;

    /// <summary>Gets the action that the tool declares; <see cref="ToolAction.Unspecified"/> if it declares none.</summary>
    public ToolAction Action => Request.Action;

    /// <summary>Gets the context of the call: tenant, agent, user, session and purpose.</summary>
    public EnforcementContext Context => Request.Context;

    /// <summary>Gets the names of the tools called in the session, oldest first; the held call is the last.</summary>
    public IReadOnlyList<string> SessionToolCalls => Request.SessionToolCalls;

    /// <summary>
    /// Gets the complete arguments of the agent's call as one UTF-8 JSON object; empty if the tool takes none.
    /// </summary>
    public ReadOnlyMemory<byte> Arguments => Request.Arguments;

    /// <summary>
    /// Gets the complete arguments that the tool runs with after an approval, as one UTF-8 JSON object. They differ from
    /// <see cref="Arguments"/> only if <c>modify</c> rules matched too.
    /// </summary>
    public required ReadOnlyMemory<byte> ArgumentsToRun { get; init; }

    /// <summary>Gets the ids of the rule that requires the approval and of the <c>modify</c> rules that changed the arguments.</summary>
    public IReadOnlyList<string> MatchedRuleIds => Decision.MatchedRuleIds;

    /// <summary>Gets the reason of the rule that holds the call; empty if there is none.</summary>
    public string Reason => Decision.Reason ?? "";

    /// <summary>Gets the stable reason code of the hold: the rule's <c>code</c>, or its id if it has none.</summary>
    public string? ReasonCode => Decision.DecisionReasonCode;

    /// <summary>Gets the rule's risk score on the policy author's own scale; <see langword="null"/> if the rule has none.</summary>
    public double? RiskScore => Decision.Evidence.RiskScore;

    /// <summary>Gets the time at which the call was held, in UTC.</summary>
    public required DateTimeOffset HeldAt { get; init; }

    /// <summary>Gets the time at which the hold expires, in UTC. A later decision has no effect.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    internal EnforcementRequest Request { get; }

    internal EnforcementDecision Decision { get; }
}
