namespace Thoth.Interception.Tests.Faults;

/// <summary>Faults while a call is held (contract §3.3, §3.4): fail-open is never asked.</summary>
internal static class HoldFaults
{
    public static IEnumerable<Fault> All =>
    [
        Held("hold: approved", FaultAnswer.Json("""{"resolved":true,"resolution":"ALLOW"}"""), null, FaultOutcome.Runs),
        Held("hold: approved after outages", FaultAnswer.InTurn(
            new("reset", c => c.ResetAsync()), FaultAnswer.Http(503, ""), FaultAnswer.Http(429, ""), FaultAnswer.Http(404, ""), FaultAnswer.Http(404, ""),
            FaultAnswer.Http(202, """{"resolved":true,"resolution":"BLOCK"}"""), FaultAnswer.Http(200, "<html>"), FaultAnswer.Http(200, ""),
            FaultAnswer.Json("""{"resolved":true,"resolution":"ALLOW"}""")), null, FaultOutcome.Runs),
        Held("hold: denied", FaultAnswer.Json("""{"resolved":true,"resolution":"DENY"}"""), null) with { Exception = typeof(StepUpRejectedException) },
        Held("hold: MODIFY without arguments", FaultAnswer.Json("""{"resolved":true,"resolution":"MODIFY"}"""), SdkReasonCodes.ModifyNotApplicable),
        Held("hold: MODIFY with unusable arguments", FaultAnswer.Json("""{"resolved":true,"resolution":"MODIFY","modified_tool_args":{"other":1}}"""), SdkReasonCodes.ModifyNotApplicable),
        Held("hold: STEP_UP as resolution", FaultAnswer.Json("""{"resolved":true,"resolution":"STEP_UP","hold_token":"u"}"""), SdkReasonCodes.StepUpInvalidResolution),
        Held("hold: unknown resolution", FaultAnswer.Json("""{"resolved":true,"resolution":"YES"}"""), SdkReasonCodes.StepUpInvalidResolution),
        Held("hold: no resolution", FaultAnswer.Json("""{"resolved":true}"""), SdkReasonCodes.StepUpInvalidResolution),
        Held("hold: resolution of another type", FaultAnswer.Json("""{"resolved":true,"resolution":true,"decision":"ALLOW"}"""), SdkReasonCodes.StepUpInvalidResolution),
        Held("hold: older shape, unknown word", FaultAnswer.Json("""{"decision":"YES"}"""), SdkReasonCodes.UnsupportedDecision),
        Held("hold: older shape, contradictory", FaultAnswer.Json("""{"decision":"ALLOW","authorization_decision":"BLOCK"}"""), SdkReasonCodes.ConflictingDecisions),
        Held("hold: another action", FaultAnswer.Json("""{"resolved":true,"resolution":"ALLOW","action_attestation_id":"another"}"""), SdkReasonCodes.ActionAttestationIdMismatch),
        Held("hold: another trace", FaultAnswer.Json("""{"resolved":true,"resolution":"ALLOW","enforcement_trace_id":"another"}"""), SdkReasonCodes.EnforcementTraceIdMismatch),
        Held("hold: 401", FaultAnswer.Http(401, """{"resolved":true,"resolution":"ALLOW"}"""), SdkReasonCodes.StepUpPollRejected),
        Held("hold: 404 for good", FaultAnswer.Http(404, """{"resolved":true,"resolution":"ALLOW"}"""), SdkReasonCodes.StepUpPollRejected),
        Held("hold: 204", FaultAnswer.Http(204, ""), SdkReasonCodes.StepUpPollRejected),
        Held("hold: redirect to a second origin that approves", FaultAnswer.Http(302, "", $"Location: {StatusFaults.SecondOrigin.Url}/v1/enforce/hold/t"), SdkReasonCodes.StepUpPollRejected) with
        {
            Afterwards = () => Assert.That(StatusFaults.SecondOrigin.Holds, Is.Zero),
        },
        Unanswered("hold: pending", FaultAnswer.Json("""{"token":"t","resolved":false,"resolution":null}""")),
        Unanswered("hold: ALLOW without resolved", FaultAnswer.Json("""{"resolved":false,"resolution":"ALLOW","decision":"ALLOW"}""")),
        Unanswered("hold: resolved in another type", FaultAnswer.Json("""{"resolved":"true","resolution":"ALLOW","decision":"ALLOW"}""")),
        Unanswered("hold: resolved as null", FaultAnswer.Json("""{"resolved":null,"resolution":"ALLOW","decision":"ALLOW"}""")),
        Unanswered("hold: duplicate keys", FaultAnswer.Json("""{"resolved":true,"resolution":"BLOCK","resolution":"ALLOW"}""")),
        Unanswered("hold: trailing bytes", FaultAnswer.Json("""{"resolved":true,"resolution":"ALLOW"}x""")),
        Unanswered("hold: 202 with ALLOW", FaultAnswer.Http(202, """{"resolved":true,"resolution":"ALLOW"}""")),
        Unanswered("hold: 503", FaultAnswer.Http(503, """{"resolved":true,"resolution":"ALLOW"}""")),
        Unanswered("hold: 429 for an hour", FaultAnswer.Http(429, "", "Retry-After: 3600")),
        Unanswered("hold: reset", new("reset", c => c.ResetAsync())),
        Unanswered("hold: no answer", FaultAnswer.Never),
        Unanswered("hold: one byte per second", new("drip", c => c.DripAsync("HTTP/1.1 200 OK\r\n"))),
    ];

    // The token is the tool's name: each held call has its own.
    private static Fault Held(string name, FaultAnswer poll, string? code, FaultOutcome outcome = FaultOutcome.Refused) => new(name, outcome)
    {
        Answers = [FaultAnswer.Json("held", c => $$"""{"decision":"STEP_UP","hold_token":{{c.Asked("tool_name")}} }""")],
        Hold = poll,
        Codes = [code],
    };

    private static Fault Unanswered(string name, FaultAnswer poll) => Held(name, poll, SdkReasonCodes.StepUpTimeout) with
    {
        Exception = typeof(StepUpRejectedException),
        IsSlow = true,

        // Only the approver's time is short: the question itself must be answered, however busy the machine is.
        Configure = options => options.StepUp.Timeout = TimeSpan.FromMilliseconds(200),
    };
}
