namespace Thoth.Interception.Enforcement.Http;

/// <summary>Reads the response to one poll of a held call (contract §3.3).</summary>
internal static class HoldReader
{
    public static HoldStatus Read(EnforcerResponse response)
    {
        switch (response.Status)
        {
            // 0 stands for a response that was not HTTP.
            case 0 or 202 or 408 or 425 or 429 or (>= 500 and <= 599):
                return HoldStatus.Pending(response.RetryAfter);
            case 404:
                return HoldStatus.NotFound(RejectedReason(response.Status));
            case not 200:
                return HoldStatus.Resolved(EnforcementDecision.Refuse(SdkReasonCodes.StepUpPollRejected, RejectedReason(response.Status)));
        }

        var resolution = response.IsComplete ? ResponseReader.Read(response.Body, Resolution) : null;
        return resolution is null ? HoldStatus.Pending(response.RetryAfter)
            : response.IsPeek ? HoldStatus.Peeked(resolution)
            : HoldStatus.Resolved(resolution);
    }

    /// <returns>The resolution, or <see langword="null"/> while the call is pending.</returns>
    private static EnforcementDecision? Resolution(ResponseReader hold)
    {
        if (!hold.TryGet(ResponseProperty.Resolved, camel: false, out var resolved))
        {
            // The older shape: the fields of the verdict, as in the response to an enforce request.
            return VerdictReader.In(hold) is { Type: not DecisionType.StepUp } verdict ? DecisionReader.Read(hold, verdict) : null;
        }

        if (!resolved.IsTrue)
        {
            return null;
        }

        // The authorization_decision is not read here: it may still be that of the STEP_UP decision.
        return hold.TryGet(ResponseProperty.Resolution, camel: false, out var value) && VerdictReader.TypeOf(value.Text()) is { } type and not DecisionType.StepUp
            ? DecisionReader.Read(hold, new VerdictReader(type, null, null))
            : EnforcementDecision.Refuse(SdkReasonCodes.StepUpInvalidResolution, "step-up resolved without a valid decision");
    }

    private static string RejectedReason(int status) => $"step-up poll rejected (status={status})";
}
