using System.Diagnostics.CodeAnalysis;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Serialization;

namespace Thoth.Enforcer.Api;

/// <summary>The response to a poll of a held call (contract §3.3).</summary>
internal sealed record HoldResponse : EnforceResponse
{
    public HoldResponse()
    {
    }

    [SetsRequiredMembers]
    private HoldResponse(EnforceResponse response)
        : base(response) => Token = "";

    /// <summary>The token of the poll.</summary>
    public required string Token { get; init; }

    /// <summary>Whether the hold has ended. Left out of a MODIFY.</summary>
    public bool? Resolved { get; init; }

    /// <summary>ALLOW or BLOCK once resolved.</summary>
    public string? Resolution { get; init; }

    /// <summary>
    /// Creates the response while the call waits. It has a decision too, because the TypeScript SDK takes a response without one for a
    /// refusal; the other SDKs read <c>resolved</c>.
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

    /// <summary>Creates the response for an approved call that was refused when its approval was about to release it.</summary>
    public static HoldResponse Refused(string token, HoldRow hold) =>
        Over(token, hold.Refusal!, hold, ResponseWriter.DecisionIdOf(hold.Refusal!.ViolationId ?? "") ?? hold.DecisionId);

    /// <summary>
    /// Creates the response once the hold has ended. An approval that changes the arguments has the older shape, without
    /// <c>resolved</c>: the TypeScript SDK drops the changed arguments of the newer shape and would run the original ones.
    /// </summary>
    public static HoldResponse Over(string token, EnforcementDecision decision, HoldRow hold) => Over(token, decision, hold, hold.DecisionId);

    private static HoldResponse Over(string token, EnforcementDecision decision, HoldRow hold, string decisionId)
    {
        var isModify = decision.Type == DecisionType.Modify;
        var response = ResponseWriter.Of(decision with { EnforcementTraceId = hold.Trace, ActionAttestationId = hold.Action }, decisionId);
        return new(response)
        {
            Token = token,
            Resolved = isModify ? null : true,
            Resolution = isModify ? null : response.Decision,
        };
    }
}
