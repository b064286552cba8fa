namespace Thoth.Interception;

/// <summary>
/// The enforcer could not be reached or was overloaded: the one failure that fail-open may let through (contract §2.3).
/// An <see cref="IEnforcer"/> throws it to say so; the caller of a tool gets it with the call's own details.
/// </summary>
public sealed class EnforcerUnavailableException : PolicyViolationException
{
    /// <summary>Says that the enforcer cannot be reached or is overloaded.</summary>
    /// <param name="sdkReasonCode">
    /// <see cref="SdkReasonCodes.EnforcerUnreachable"/>, <see cref="SdkReasonCodes.EnforcerTimeout"/> or
    /// <see cref="SdkReasonCodes.EnforcerHttpError"/> (429 and 5xx only).
    /// </param>
    /// <param name="reason">The reason in words, without any argument or secret.</param>
    /// <param name="innerException">What failed.</param>
    public EnforcerUnavailableException(string sdkReasonCode, string reason, Exception? innerException = null)
        : this("unknown", EnforcementDecision.Refuse(sdkReasonCode, reason), null, innerException)
    {
    }

    internal EnforcerUnavailableException(
        string toolName, EnforcementDecision decision, string? sessionId, Exception? innerException)
        : base(toolName, decision, sessionId, innerException)
    {
    }

    /// <summary>The status that the enforcer answered with; <see langword="null"/> where it did not answer.</summary>
    public int? StatusCode { get; init; }
}
