using System.Diagnostics.CodeAnalysis;
using Thoth.Enforcer.Holds;
using Thoth.Interception;

namespace Thoth.Enforcer.Api;

/// <summary>The answer about a held call (contract §3.3).</summary>
internal sealed record HoldResponse : EnforceResponse
{
    public HoldResponse()
    {
    }

    [SetsRequiredMembers]
    private HoldResponse(EnforceResponse answer)
        : base(answer) => Token = "";

    /// <summary>The token that was asked with.</summary>
    public required string Token { get; init; }

    /// <summary>Whether the hold is over. Left out of a MODIFY.</summary>
    public bool? Resolved { get; init; }

    /// <summary>ALLOW or BLOCK once resolved.</summary>
    public string? Resolution { get; init; }

    /// <summary>
    /// Nobody has decided. The verdict stands beside it because the TypeScript SDK takes a reply without one for a refusal;
    /// the others go by <c>resolved</c>.
    /// </summary>
    public static HoldResponse Pending(string token, HoldRow hold) => new()
    {
        Token = token,
        Decision = "STEP_UP",
        AuthorizationDecision = "STEP_UP",
        Resolved = false,
        EnforcementTraceId = hold.Trace,
        ActionAttestationId = hold.Action,
    };

    /// <summary>
    /// The hold is over. An approval that changes the arguments is told in the older shape, without <c>resolved</c>: the
    /// TypeScript SDK drops the changed arguments of the newer one and would run the original ones.
    /// </summary>
    public static HoldResponse Over(string token, EnforcementDecision decision, HoldRow hold)
    {
        var isModify = decision.Type == DecisionType.Modify;
        var answer = ResponseWriter.Of(decision with { EnforcementTraceId = hold.Trace, ActionAttestationId = hold.Action }, hold.DecisionId);
        return new(answer)
        {
            Token = token,
            Resolved = isModify ? null : true,
            Resolution = isModify ? null : answer.Decision,
        };
    }
}
