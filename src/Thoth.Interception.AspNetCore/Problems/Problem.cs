using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Thoth.Interception.AspNetCore.Problems;

/// <summary>Represents why a request has no result, as clients read it (RFC 9457). It contains no argument, key or token.</summary>
internal sealed record Problem(int Status, string Type, string Title)
{
    /// <summary>The beginning of every type.</summary>
    private const string TypePrefix = "urn:thoth:problem:";

    /// <summary>The wait after a deferral for which the enforcer gave no time.</summary>
    private static readonly TimeSpan s_defaultRetry = TimeSpan.FromSeconds(30);

    public static Problem Unauthenticated { get; } = new(StatusCodes.Status401Unauthorized, "unauthenticated", "Authentication is required.")
    {
        Detail = "Sign in, and repeat the request.",
    };

    public static Problem UserUnknown { get; } = new(StatusCodes.Status403Forbidden, "user-unknown", "The user has no id that can be used.");

    public static Problem ConversationMalformed { get; } = new(StatusCodes.Status400BadRequest, "conversation-malformed", "The name of the conversation is malformed.")
    {
        Detail = "Name one conversation, with 1 to 256 visible characters and no comma.",
    };

    public static Problem OperationMalformed { get; } = new(StatusCodes.Status400BadRequest, "operation-malformed", "The id of the operation is malformed.")
    {
        Detail = "Send one id, with 1 to 256 visible characters.",
    };

    public static Problem ConversationRequired { get; } = new(StatusCodes.Status400BadRequest, "conversation-required", "The conversation is not named.")
    {
        Detail = "Name the conversation whose held calls are listed.",
    };

    public static Problem HeldCallMalformed { get; } = new(StatusCodes.Status400BadRequest, "held-call-malformed", "The id of the held call is malformed.")
    {
        Detail = $"Send one id in the header {ThothAspNetCoreOptions.HeldHeader}.",
    };

    /// <summary>An id that is unknown, expired or another user's: the three cannot be told apart.</summary>
    public static Problem HeldCallUnknown { get; } = new(StatusCodes.Status412PreconditionFailed, "held-call-unknown", "The held call is unknown.")
    {
        Detail = $"Nothing ran. Repeat the request without the header {ThothAspNetCoreOptions.HeldHeader} to have it decided anew.",
    };

    public static Problem HeldCallUnavailable { get; } = new(StatusCodes.Status503ServiceUnavailable, "not-decided", "The call cannot be decided now.")
    {
        Detail = "Nothing ran. Repeat the request later.",
        RetryAfter = s_defaultRetry,
    };

    public static Problem HeldCallNotFound { get; } = HeldCallUnknown with { Status = StatusCodes.Status404NotFound, Detail = null };

    public static Problem NoSession { get; } = new(StatusCodes.Status500InternalServerError, "no-session", "The request has no session.");

    public string? Detail { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public string? Tool { get; init; }

    public string? ReasonCode { get; init; }

    public IReadOnlyList<string> RuleIds { get; init; } = [];

    public string? ViolationId { get; init; }

    public HeldCall? Held { get; init; }

    /// <summary>Describes a call that did not run; <see langword="null"/> for an exception that says something else.</summary>
    public static Problem? Of(Exception exception, StepUpOptions stepUp) => exception switch
    {
        StepUpRequiredException { HeldCall: { } held } e => new(StatusCodes.Status202Accepted, "held", "A person must approve the call.")
        {
            Detail = e.Reason,
            RetryAfter = stepUp.PollInterval,
            Tool = e.ToolName,
            ReasonCode = e.Decision.DecisionReasonCode,
            RuleIds = e.Decision.MatchedRuleIds,
            ViolationId = e.Decision.ViolationId,
            Held = held,
        },
        StepUpRequiredException e => Of(e.ToolName, e.Reason, e.Decision, StatusCodes.Status403Forbidden, "step-up-rejected", "A person must approve the call, and cannot be asked."),
        PolicyViolationException e => OfRefusal(e),
        _ => null,
    };

    public ProblemDetails ToDetails()
    {
        var details = new ProblemDetails { Status = Status, Type = TypePrefix + Type, Title = Title, Detail = Detail };
        Add("tool", Tool);
        Add("reasonCode", ReasonCode);
        Add("ruleIds", RuleIds.Count > 0 ? RuleIds.ToArray() : null);
        Add("violationId", ViolationId);
        Add("heldId", Held?.Id);
        Add("expiresAt", Held?.ExpiresAt.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        return details;

        void Add(string name, object? value)
        {
            if (value is not null)
            {
                details.Extensions[name] = value;
            }
        }
    }

    /// <summary>Gets the problem as one line, for clients that get texts alone.</summary>
    public string ToText() =>
        $"{Type}: {Title}{(Detail is null ? "" : $" {Detail}")}{(Held is null ? "" : $" (held_id={Held.Id})")}{(ViolationId is null ? "" : $" (violation_id={ViolationId})")}";

    private static Problem OfRefusal(PolicyViolationException e) => e switch
    {
        StepUpRejectedException => Of(e, StatusCodes.Status403Forbidden, "step-up-rejected", "The call was not approved."),
        PolicyDeferredException deferred => Of(e, StatusCodes.Status503ServiceUnavailable, "deferred", "The call is deferred.") with
        {
            RetryAfter = deferred.RetryAfter ?? s_defaultRetry,
        },
        EnforcerUnavailableException => NotDecided(e),
        { SdkReasonCode: SdkReasonCodes.EnforcerInvalidResponse or SdkReasonCodes.EvidenceNotRecorded } => NotDecided(e),
        { SdkReasonCode: SdkReasonCodes.HeldCallNotStored or SdkReasonCodes.TooManyHeldCalls or SdkReasonCodes.TooManyWaitingThreads } => NotDecided(e),
        { SdkReasonCode: SdkReasonCodes.SessionRequired } => NoSession,
        { SdkReasonCode: SdkReasonCodes.StepUpApprovalUsed } => Of(e, StatusCodes.Status403Forbidden, "approval-used", "The approval was used before."),
        _ => Of(e, StatusCodes.Status403Forbidden, "blocked", "Policy blocks the call."),
    };

    private static Problem NotDecided(PolicyViolationException e) =>
        Of(e, StatusCodes.Status503ServiceUnavailable, "not-decided", "The call cannot be decided now.");

    private static Problem Of(PolicyViolationException e, int status, string type, string title) => Of(e.ToolName, e.Reason, e.Decision, status, type, title);

    private static Problem Of(string tool, string reason, EnforcementDecision decision, int status, string type, string title) => new(status, type, title)
    {
        Detail = reason,
        Tool = tool,
        ReasonCode = decision.SdkReasonCode ?? decision.DecisionReasonCode,
        RuleIds = decision.MatchedRuleIds,
        ViolationId = decision.ViolationId,
    };
}
