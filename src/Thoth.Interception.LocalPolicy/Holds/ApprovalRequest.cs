namespace Thoth.Interception.LocalPolicy;

/// <summary>
/// What an approver is shown about a held call. It holds the arguments as they are, sensitive ones included: show them
/// only to who may see them. The hold's token is no part of it.
/// </summary>
public sealed class ApprovalRequest
{
    internal ApprovalRequest(EnforcementRequest request, EnforcementDecision decision)
    {
        Request = request;
        Decision = decision;
    }

    /// <summary>Identifies the held call; safe to show.</summary>
    public string ActionAttestationId => Request.ActionAttestationId;

    /// <summary>The tool's exact name.</summary>
    public string ToolName => Request.ToolName;

    /// <summary>What the tool's author declared that it does.</summary>
    public ToolAction Action => Request.Action;

    /// <summary>Who calls, in which session and what for.</summary>
    public EnforcementContext Context => Request.Context;

    /// <summary>The session's calls, oldest first, with the held one last.</summary>
    public IReadOnlyList<string> SessionToolCalls => Request.SessionToolCalls;

    /// <summary>
    /// All arguments that the agent called the tool with, complete, as one UTF-8 JSON object; empty where it has none.
    /// </summary>
    public ReadOnlyMemory<byte> Arguments => Request.Arguments;

    /// <summary>
    /// All arguments that the tool runs with once approved, complete, as one UTF-8 JSON object. They differ from
    /// <see cref="Arguments"/> only where MODIFY rules matched as well.
    /// </summary>
    public required ReadOnlyMemory<byte> ArgumentsToRun { get; init; }

    /// <summary>The rules that asked for the approval, and those that changed the arguments.</summary>
    public IReadOnlyList<string> MatchedRuleIds => Decision.MatchedRuleIds;

    /// <summary>Why the call is held, in the policy's words.</summary>
    public string Reason => Decision.Reason ?? "";

    /// <summary>The stable code of why the call is held.</summary>
    public string? ReasonCode => Decision.DecisionReasonCode;

    /// <summary>The rule's risk score, on the policy author's scale.</summary>
    public double? RiskScore => Decision.Evidence.RiskScore;

    /// <summary>When the call was held, in UTC.</summary>
    public required DateTimeOffset HeldAt { get; init; }

    /// <summary>When the hold is over and an answer no longer counts, in UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    internal EnforcementRequest Request { get; }

    internal EnforcementDecision Decision { get; }
}
