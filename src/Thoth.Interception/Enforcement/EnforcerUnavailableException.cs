using Thoth.Interception.Serialization;

namespace Thoth.Interception;

/// <summary>
/// The enforcer could not be reached or was overloaded. With <see cref="ThothOptions.FailOpen"/> this failure, and no other, lets
/// the call run (contract §2.3).
/// </summary>
/// <remarks>
/// The exception has two uses. An <see cref="IEnforcer"/> throws it to report an outage; that instance has no tool and no
/// session. The caller of a tool catches a new instance, with the tool, the session and the same codes, reason, status and inner
/// exception.
/// </remarks>
/// <example>
/// In an enforcer:
/// <code>
/// catch (HttpRequestException e)
/// {
///     throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerUnreachable, "policy service unavailable", e);
/// }
/// </code>
/// Around a call:
/// <code>
/// catch (EnforcerUnavailableException e)
/// {
///     return $"{e.ToolName} did not run, since the enforcer is unavailable ({e.SdkReasonCode}).";
/// }
/// </code>
/// </example>
public sealed class EnforcerUnavailableException : PolicyViolationException
{
    /// <summary>Creates the exception that an enforcer throws. Its <see cref="PolicyViolationException.ToolName"/> is empty.</summary>
    /// <param name="sdkReasonCode">
    /// <see cref="SdkReasonCodes.EnforcerUnreachable"/>, <see cref="SdkReasonCodes.EnforcerTimeout"/> or, for status 429 and 5xx,
    /// <see cref="SdkReasonCodes.EnforcerHttpError"/>.
    /// </param>
    /// <param name="reason">The reason. It may be shown to a model, so it must not contain argument values or secrets.</param>
    /// <param name="innerException">The failure itself.</param>
    /// <exception cref="ArgumentNullException"><paramref name="sdkReasonCode"/> or <paramref name="reason"/> is <see langword="null"/>.</exception>
    public EnforcerUnavailableException(string sdkReasonCode, string reason, Exception? innerException = null)
        : base($"The enforcer is unavailable: {SafeText.Of(reason)}", "", Refusal(sdkReasonCode, reason), null, innerException)
    {
    }

    /// <summary>Creates the exception that the caller of a tool gets.</summary>
    internal EnforcerUnavailableException(
        string toolName, EnforcementDecision decision, string? sessionId, Exception? innerException)
        : base(toolName, decision, sessionId, innerException)
    {
    }

    /// <summary>Gets the HTTP status of the enforcer's response; <see langword="null"/> if there was none.</summary>
    public int? StatusCode { get; init; }

    private static EnforcementDecision Refusal(string sdkReasonCode, string reason)
    {
        ArgumentNullException.ThrowIfNull(sdkReasonCode);
        ArgumentNullException.ThrowIfNull(reason);
        return EnforcementDecision.Refuse(sdkReasonCode, reason);
    }
}
