namespace Thoth.Interception.Enforcement.Http;

/// <summary>What one poll of a held call means (contract §3.3).</summary>
internal static class HoldReader
{
    public static HoldStatus Read(EnforcerResponse answer)
    {
        switch (answer.Status)
        {
            // 0 is an answer that was no HTTP.
            case 0 or 202 or 408 or 425 or 429 or (>= 500 and <= 599):
                return HoldStatus.Pending(answer.RetryAfter);
            case 404:
                return HoldStatus.NotFound(RejectedReason(answer.Status));
            case not 200:
                return HoldStatus.Resolved(EnforcementDecision.Refuse(SdkReasonCodes.StepUpPollRejected, RejectedReason(answer.Status)));
        }

        var resolution = answer.IsComplete ? ResponseReader.Read(answer.Body, Resolution) : null;
        return resolution is null ? HoldStatus.Pending(answer.RetryAfter) : HoldStatus.Resolved(resolution);
    }

    /// <returns><see langword="null"/> while nobody has decided.</returns>
    private static EnforcementDecision? Resolution(ResponseReader hold)
    {
        if (!hold.TryGet(ResponseProperty.Resolved, camel: false, out var resolved))
        {
            // The older shape: the verdict's own fields, as in the answer to the question.
            return VerdictReader.In(hold) is { Type: not DecisionType.StepUp } verdict ? DecisionReader.Read(hold, verdict) : null;
        }

        if (!resolved.IsTrue)
        {
            return null;
        }

        // Its word is not the answer's authorization_decision, which may still be that of the first answer.
        return hold.TryGet(ResponseProperty.Resolution, camel: false, out var word) && VerdictReader.OfWord(word.Text()) is { } type and not DecisionType.StepUp
            ? DecisionReader.Read(hold, new VerdictReader(type, null, null))
            : EnforcementDecision.Refuse(SdkReasonCodes.StepUpInvalidResolution, "step-up resolved without a valid decision");
    }

    private static string RejectedReason(int status) => $"step-up poll rejected (status={status})";
}
