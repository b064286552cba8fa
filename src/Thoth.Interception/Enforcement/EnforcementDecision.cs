using System.Runtime.CompilerServices;
using System.Text.Json;
using Thoth.Interception.Serialization;

namespace Thoth.Interception;

/// <summary>
/// An enforcer's decision about one call (contract §1.2.2). Immutable, so an enforcer may return one instance for many calls.
/// A missing value is <see langword="null"/>; a list is never <see langword="null"/>.
/// </summary>
/// <remarks>
/// Texts that reach messages and logs are made safe for them when they are set: a text is cut to 2,000 characters, line breaks become
/// blanks, and characters that are invisible or turn others around are written as their code, such as <c>\u202e</c>.
/// It is a record for <see langword="with"/>. It holds lists and JSON, so values are not compared: an instance equals itself
/// only. Compare the properties that matter.
/// </remarks>
/// <example>
/// <code>
/// var decision = new EnforcementDecision
/// {
///     Type = DecisionType.Block,
///     DecisionReasonCode = "refund_too_large",
///     Reason = "Refunds above 500 are not made by agents.",
///     MatchedRuleIds = ["large-refund"],
///     Evidence = new() { RiskScore = 80, PackId = "refunds", PackVersion = "3" },
/// };
/// var other = decision with { Type = DecisionType.Defer, DeferTimeout = TimeSpan.FromMinutes(5) };
/// </code>
/// </example>
public sealed record EnforcementDecision
{
    // Few decisions have it, and each decision waits with its event in the queue. Boxed, it takes 8 bytes instead of 24.
    private readonly object? _modifiedToolArgs;

    /// <summary>Gets the type of the decision, which says what happens to the call.</summary>
    public required DecisionType Type { get; init; }

    /// <summary>Gets the enforcer's own value for the type, as it sent it. It is reported only.</summary>
    public string? AuthorizationDecision
    {
        get;
        init => field = SafeText.Of(value);
    }

    /// <summary>Gets the policy's stable code for the decision.</summary>
    public string? DecisionReasonCode
    {
        get;
        init => field = SafeText.Of(value);
    }

    /// <summary>
    /// Gets the code of the SDK, one of <see cref="SdkReasonCodes"/>, if the SDK made or changed the decision;
    /// <see langword="null"/> for a decision as the enforcer made it.
    /// </summary>
    public string? SdkReasonCode
    {
        get;
        init => field = SafeText.Of(value);
    }

    /// <summary>Gets the kind of action that the enforcer classified the call as, such as <c>read</c> or <c>write</c>.</summary>
    public string? ActionClassification
    {
        get;
        init => field = SafeText.Of(value);
    }

    /// <summary>
    /// Gets the reason as text. It is part of the exception's message, which may be shown to a model, so it must not contain
    /// argument values or secrets.
    /// </summary>
    public string? Reason
    {
        get;
        init => field = SafeText.Of(value);
    }

    /// <summary>Gets the id under which the enforcer recorded the violation.</summary>
    public string? ViolationId
    {
        get;
        init => field = SafeText.Of(value);
    }

    /// <summary>Gets the ids of the rules that matched. Default: empty.</summary>
    public IReadOnlyList<string> MatchedRuleIds
    {
        get;
        init => field = SafeText.Of(value);
    } = [];

    /// <summary>Gets the trace that the decision belongs to. Another one than the request's blocks the call (contract §1.2.6).</summary>
    public string? EnforcementTraceId { get; init; }

    /// <summary>Gets the action that the decision belongs to. Another one than the request's blocks the call (contract §1.2.6).</summary>
    public string? ActionAttestationId { get; init; }

    /// <summary>Gets, for <see cref="DecisionType.StepUp"/>, the token to poll the held call with. It is a secret: it is never logged and in no message.</summary>
    public string? HoldToken { get; init; }

    /// <summary>
    /// Gets, for <see cref="DecisionType.StepUp"/>, how long the call stays held. It can shorten
    /// <see cref="StepUpOptions.Timeout"/> and never extend it; <see langword="null"/> and values that are not positive leave it as
    /// it is. Whole seconds on the wire, rounded up.
    /// </summary>
    public TimeSpan? StepUpTimeout { get; init; }

    /// <summary>
    /// Gets, for <see cref="DecisionType.Modify"/>, the arguments to run with, a JSON object. They replace the call's own
    /// arguments and are never merged with them (contract §4).
    /// </summary>
    public JsonElement? ModifiedToolArgs
    {
        get => (JsonElement?)_modifiedToolArgs;
        init => _modifiedToolArgs = value;
    }

    /// <summary>Gets, for <see cref="DecisionType.Modify"/>, why the arguments were changed.</summary>
    public string? ModificationReason
    {
        get;
        init => field = SafeText.Of(value);
    }

    /// <summary>Gets, for <see cref="DecisionType.Defer"/>, why the call was deferred.</summary>
    public string? DeferReason
    {
        get;
        init => field = SafeText.Of(value);
    }

    /// <summary>Gets, for <see cref="DecisionType.Defer"/>, when to try again, counted from the decision. Whole seconds on the wire, rounded up.</summary>
    public TimeSpan? DeferTimeout { get; init; }

    /// <summary>Gets what else the enforcer reports. Default: evidence without any value.</summary>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public EnforcementEvidence Evidence
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = EnforcementEvidence.Empty;

    /// <summary>The type as the wire contract writes it.</summary>
    internal string VerdictName => Type switch
    {
        DecisionType.Allow => "ALLOW",
        DecisionType.StepUp => "STEP_UP",
        DecisionType.Modify => "MODIFY",
        DecisionType.Defer => "DEFER",
        _ => "BLOCK",
    };

    /// <summary>Returns whether both are the same instance.</summary>
    /// <param name="other">The other decision.</param>
    /// <returns>Whether they are the same instance.</returns>
    public bool Equals(EnforcementDecision? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>Returns the type and the reason code; never a token, an argument or a reason.</summary>
    /// <returns>A text that is safe to log.</returns>
    public override string ToString() => DecisionReasonCode is null ? VerdictName : $"{VerdictName} ({DecisionReasonCode})";

    /// <summary>Adds the ids of the request if the decision has none (contract §1.2.6).</summary>
    internal EnforcementDecision CompletedFor(EnforcementRequest request) =>
        ActionAttestationId is { Length: > 0 } && EnforcementTraceId is { Length: > 0 }
            ? this
            : this with
            {
                ActionAttestationId = ActionAttestationId is { Length: > 0 } action ? action : request.ActionAttestationId,
                EnforcementTraceId = EnforcementTraceId is { Length: > 0 } trace ? trace : request.Context.EnforcementTraceId,
            };

    /// <summary>Makes a refusal of the SDK.</summary>
    /// <param name="sdkReasonCode">One of <see cref="SdkReasonCodes"/>.</param>
    /// <param name="reason">The reason. It may be shown to a model, so it must not contain argument values or secrets.</param>
    internal static EnforcementDecision Refuse(string sdkReasonCode, string reason) => new()
    {
        Type = DecisionType.Block,
        SdkReasonCode = sdkReasonCode,
        DecisionReasonCode = sdkReasonCode,
        Reason = reason,
    };
}
