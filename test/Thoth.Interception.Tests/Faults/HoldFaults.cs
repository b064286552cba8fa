namespace Thoth.Interception.Tests.Faults;

/// <summary>Faults while a call is held (contract §3.3, §3.4): fail-open is never asked.</summary>
internal static class HoldFaults
{
    public static IEnumerable<Fault> All =>
    [
        Held("hold: approved", FaultResponse.Json("""{"resolved":true,"resolution":"ALLOW"}"""), null, FaultOutcome.Runs),
        Held("hold: approved after outages", FaultResponse.InTurn(
            new("reset", c => c.ResetAsync()), FaultResponse.Http(503, ""), FaultResponse.Http(429, ""), FaultResponse.Http(404, ""), FaultResponse.Http(404, ""),
            FaultResponse.Http(202, """{"resolved":true,"resolution":"BLOCK"}"""), FaultResponse.Http(200, "<html>"), FaultResponse.Http(200, ""),
            FaultResponse.Json("""{"resolved":true,"resolution":"ALLOW"}""")), null, FaultOutcome.Runs),
        Held("hold: denied", FaultResponse.Json("""{"resolved":true,"resolution":"DENY"}"""), null) with { Exception = typeof(StepUpRejectedException) },
        Held("hold: MODIFY without arguments", FaultResponse.Json("""{"resolved":true,"resolution":"MODIFY"}"""), SdkReasonCodes.ModifyNotApplicable),
        Held("hold: MODIFY with unusable arguments", FaultResponse.Json("""{"resolved":true,"resolution":"MODIFY","modified_tool_args":{"other":1}}"""), SdkReasonCodes.ModifyNotApplicable),
        Held("hold: STEP_UP as resolution", FaultResponse.Json("""{"resolved":true,"resolution":"STEP_UP","hold_token":"u"}"""), SdkReasonCodes.StepUpInvalidResolution),
        Held("hold: unknown resolution", FaultResponse.Json("""{"resolved":true,"resolution":"YES"}"""), SdkReasonCodes.StepUpInvalidResolution),
        Held("hold: no resolution", FaultResponse.Json("""{"resolved":true}"""), SdkReasonCodes.StepUpInvalidResolution),
        Held("hold: resolution of another type", FaultResponse.Json("""{"resolved":true,"resolution":true,"decision":"ALLOW"}"""), SdkReasonCodes.StepUpInvalidResolution),
        Held("hold: older form, unknown value", FaultResponse.Json("""{"decision":"YES"}"""), SdkReasonCodes.UnsupportedDecision),
        Held("hold: older form, contradictory", FaultResponse.Json("""{"decision":"ALLOW","authorization_decision":"BLOCK"}"""), SdkReasonCodes.ConflictingDecisions),
        Held("hold: another action", FaultResponse.Json("""{"resolved":true,"resolution":"ALLOW","action_attestation_id":"another"}"""), SdkReasonCodes.ActionAttestationIdMismatch),
        Held("hold: another trace", FaultResponse.Json("""{"resolved":true,"resolution":"ALLOW","enforcement_trace_id":"another"}"""), SdkReasonCodes.EnforcementTraceIdMismatch),
        Held("hold: 401", FaultResponse.Http(401, """{"resolved":true,"resolution":"ALLOW"}"""), SdkReasonCodes.StepUpPollRejected),
        Held("hold: 404 for good", FaultResponse.Http(404, """{"resolved":true,"resolution":"ALLOW"}"""), SdkReasonCodes.StepUpPollRejected),
        Held("hold: 204", FaultResponse.Http(204, ""), SdkReasonCodes.StepUpPollRejected),
        Held("hold: redirect to a second origin that approves", FaultResponse.Http(302, "", $"Location: {StatusFaults.SecondOrigin.Url}/v1/enforce/hold/t"), SdkReasonCodes.StepUpPollRejected) with
        {
            Afterwards = () => Assert.That(StatusFaults.SecondOrigin.Holds, Is.Zero),
        },
        Unresolved("hold: pending", FaultResponse.Json("""{"token":"t","resolved":false,"resolution":null}""")),
        Unresolved("hold: ALLOW without resolved", FaultResponse.Json("""{"resolved":false,"resolution":"ALLOW","decision":"ALLOW"}""")),
        Unresolved("hold: resolved in another type", FaultResponse.Json("""{"resolved":"true","resolution":"ALLOW","decision":"ALLOW"}""")),
        Unresolved("hold: resolved as null", FaultResponse.Json("""{"resolved":null,"resolution":"ALLOW","decision":"ALLOW"}""")),
        Unresolved("hold: duplicate keys", FaultResponse.Json("""{"resolved":true,"resolution":"BLOCK","resolution":"ALLOW"}""")),
        Unresolved("hold: trailing bytes", FaultResponse.Json("""{"resolved":true,"resolution":"ALLOW"}x""")),
        Unresolved("hold: 202 with ALLOW", FaultResponse.Http(202, """{"resolved":true,"resolution":"ALLOW"}""")),
        Unresolved("hold: 503", FaultResponse.Http(503, """{"resolved":true,"resolution":"ALLOW"}""")),
        Unresolved("hold: 429 for an hour", FaultResponse.Http(429, "", "Retry-After: 3600")),
        Unresolved("hold: reset", new("reset", c => c.ResetAsync())),
        Unresolved("hold: no response", FaultResponse.Never),
        Unresolved("hold: one byte per second", new("drip", c => c.DripAsync("HTTP/1.1 200 OK\r\n"))),
    ];

    // The token is the tool's name: each held call has its own.
    private static Fault Held(string name, FaultResponse poll, string? code, FaultOutcome outcome = FaultOutcome.Refused) => new(name, outcome)
    {
        Responses = [FaultResponse.Json("held", c => $$"""{"decision":"STEP_UP","hold_token":{{c.Asked("tool_name")}} }""")],
        Hold = poll,
        Codes = [code],
    };

    private static Fault Unresolved(string name, FaultResponse poll) => Held(name, poll, SdkReasonCodes.StepUpTimeout) with
    {
        Exception = typeof(StepUpRejectedException),
        IsSlow = true,

        // Only the approver's time is short: the enforce request must get its response, however busy the machine is.
        Configure = options => options.StepUp.Timeout = TimeSpan.FromMilliseconds(200),
    };
}
