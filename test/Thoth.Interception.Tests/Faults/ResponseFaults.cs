using System.Text;

namespace Thoth.Interception.Tests.Faults;

/// <summary>Responses with bad contents (contract §1.2.3, §1.2.4, §1.2.6, §2.1, §3.1, §4): never let through, also under fail-open.</summary>
internal static class ResponseFaults
{
    private const string Allow = """{"decision":"ALLOW"}""";

    public static IEnumerable<Fault> All =>
    [
        // The cells that the others are compared with.
        new("none", FaultOutcome.Runs) { Responses = [.. Json(Allow, """ {"decision":" allow "} """, """{"authorization_decision":"ALLOW"}""")] },
        new("other content type", FaultOutcome.Runs)
        {
            // The body is what it is, whatever it is called (§1.2.3).
            Responses = [FaultResponse.Http(200, Allow, "Content-Type: text/html"), FaultResponse.Http(200, Allow, "Content-Type: application/json; charset=utf-16"),
                FaultResponse.Http(200, Allow, "Content-Type: nonsense"), FaultResponse.Http(200, Allow, "X-No-Type: 1")],
        },
        new("usable MODIFY", FaultOutcome.Runs)
        {
            Responses = [.. Json("""{"decision":"MODIFY","modified_tool_args":{"payload":{"Text":"safe","Extra":null}}}""")], Text = "safe",
        },
        Refused("BLOCK", null, Json("""{"decision":"BLOCK"}""", """{"decision":"deny","risk_score":"high"}""", """{"decision":"BLOCK","rule_version":"v7"}""")),
        Refused("BLOCK under another content type", null, FaultResponse.Http(200, """{"decision":"BLOCK"}""", "Content-Type: text/html")),
        Refused("DEFER", null, Json("""{"decision":"DEFER"}""", """{"decision":"HOLD","defer_timeout_seconds":"x"}""")) with { Exception = typeof(PolicyDeferredException) },
        Malformed("empty 200", FaultResponse.Http(200, "")),
        Malformed("204", FaultResponse.Http(204, ""), FaultResponse.Http(205, "")),
        Malformed("HTML 200", FaultResponse.Http(200, "<!DOCTYPE html><html><body>ALLOW</body></html>", "Content-Type: text/html")),
        Malformed("blank", Json(" ", "\r\n\t")),
        Malformed("array", Json("[]", $"[{Allow}]")),
        Malformed("number", Json("1", "1e400")),
        Malformed("another value", Json("\"ALLOW\"", "true", "null", "ALLOW")),
        Malformed("trailing bytes", Json(Allow + Allow, Allow + "x", Allow + "\0", Allow + "]", Allow + ",")),
        Malformed("leading bytes", FaultResponse.Http("BOM", 200, [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(Allow)]), FaultResponse.Json(")]}'\n" + Allow)),
        Malformed("lax JSON", Json("{'decision':'ALLOW'}", "{decision:\"ALLOW\"}", "{\"decision\":\"ALLOW\",}", "{/**/\"decision\":\"ALLOW\"}", "{\"decision\":\"ALLOW\",\"x\":NaN}")),
        Malformed("duplicate keys", Json(
            """{"decision":"BLOCK","decision":"ALLOW"}""", """{"decision":"ALLOW","decision":"ALLOW"}""",
            """{"decision":"BLOCK","decisi\u006fn":"ALLOW"}""", """{"decision":"ALLOW","receipt":{"a":1,"a":2}}""")),
        Malformed("nesting of 100,000", Json(
            "{\"decision\":\"ALLOW\",\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}",
            "{\"decision\":\"ALLOW\",\"x\":" + string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "1" + new string('}', 100_001),
            new string('[', 100_000))),
        Malformed("invalid UTF-8",
            FaultResponse.Http("in a text", 200, [.. "{\"decision\":\"ALLOW\",\"reason\":\""u8, 0xff, 0xfe, .. "\"}"u8]),
            FaultResponse.Http("overlong", 200, [.. "{\"decision\":\"ALLOW\",\"reason\":\""u8, 0xc0, 0xaf, .. "\"}"u8]),
            FaultResponse.Http("surrogate", 200, [.. "{\"decision\":\"ALLOW\",\"reason\":\""u8, 0xed, 0xa0, 0x80, .. "\"}"u8]),
            FaultResponse.Http("UTF-16", 200, Encoding.Unicode.GetBytes(Allow), "Content-Type: application/json; charset=utf-16")),
        Refused("unknown decision", SdkReasonCodes.UnsupportedDecision, Json(
            """{"decision":"PERMIT"}""", """{"decision":"ALLOWED"}""", """{"decision":"observe"}""", """{"decision":"ALLOW\u0000"}""", """{"decision":"АLLOW"}""")),
        Refused("no decision", SdkReasonCodes.UnsupportedDecision, Json(
            "{}", """{"decision":null}""", """{"decision":""}""", """{"Decision":"ALLOW"}""", """{"DECISION":"ALLOW"}""", """{"result":{"decision":"ALLOW"}}""")),
        Refused("decision of another type", SdkReasonCodes.UnsupportedDecision, Json(
            """{"decision":true}""", """{"decision":1}""", """{"decision":["ALLOW"]}""", """{"decision":{"decision":"ALLOW"}}""",
            """{"decision":"ALLOW","authorization_decision":7}""", """{"decision":[],"authorization_decision":"ALLOW"}""")),
        Refused("ALLOW and an unknown value", SdkReasonCodes.UnsupportedDecision, Json(
            """{"decision":"ALLOW","authorization_decision":"MAYBE"}""", """{"decision":"MAYBE","authorization_decision":"ALLOW"}""")),
        Refused("contradictory decisions", SdkReasonCodes.ConflictingDecisions, Json(
            """{"decision":"ALLOW","authorization_decision":"DENY"}""", """{"decision":"BLOCK","authorization_decision":"ALLOW"}""",
            """{"decision":"BLOCK","authorizationDecision":"ALLOW"}""", """{"decision":"ALLOW","authorization_decision":"DEFER"}""",
            """{"decision":"STEP_UP","hold_token":"t","authorization_decision":"BLOCK"}""")),
        Refused("ALLOW and STEP_UP", SdkReasonCodes.StepUpHoldTokenMissing, Json(
            """{"decision":"ALLOW","authorization_decision":"STEP_UP"}""", """{"decision":"REVIEW","authorization_decision":"ALLOW"}""")),
        Refused("STEP_UP without token", SdkReasonCodes.StepUpHoldTokenMissing, Json(
            """{"decision":"STEP_UP"}""", """{"decision":"CHALLENGE","hold_token":null}""", """{"decision":"STEP_UP","hold_token":""}""",
            """{"decision":"STEP_UP","hold_token":" "}""", """{"decision":"STEP_UP","hold_token":7}""", """{"decision":"STEP_UP","hold_token":["t"]}""")),
        Refused("STEP_UP with unusable token", SdkReasonCodes.StepUpHoldTokenInvalid, Json(
            """{"decision":"STEP_UP","hold_token":"."}""", """{"decision":"STEP_UP","hold_token":".."}""", """{"decision":"STEP_UP","hold_token":"a\nb"}""",
            """{"decision":"STEP_UP","hold_token":"a\u007f"}""", $$"""{"decision":"STEP_UP","hold_token":"{{new string('t', 1025)}}"}""")),
        Refused("MODIFY without arguments", SdkReasonCodes.ModifyNotApplicable, Json(
            """{"decision":"MODIFY"}""", """{"decision":"TRANSFORM","modified_tool_args":null}""", """{"decision":"MODIFY","modified_tool_args":{}}""",
            """{"decision":"MODIFY","authorization_decision":"ALLOW"}""")),
        Refused("MODIFY with unusable arguments", SdkReasonCodes.ModifyNotApplicable, Json(Modifications)),
        Mismatch("another action", "action_attestation_id", SdkReasonCodes.ActionAttestationIdMismatch),
        Mismatch("another action, in camelCase", "actionAttestationId", SdkReasonCodes.ActionAttestationIdMismatch),
        Refused("another action behind an id of a wrong type", SdkReasonCodes.ActionAttestationIdMismatch, Json(
            """{"authorization_decision":"DEFER","decision":"STEP_UP","action_attestation_id":1,"actionAttestationId":"another"}""",
            """{"decision":"ALLOW","action_attestation_id":["x"],"actionAttestationId":"another"}""")),
        Refused("another trace behind an id of a wrong type", SdkReasonCodes.EnforcementTraceIdMismatch, Json(
            """{"decision":"ALLOW","enforcement_trace_id":{},"enforcementTraceId":"another"}""")),
        Mismatch("another trace", "enforcement_trace_id", SdkReasonCodes.EnforcementTraceIdMismatch),
        new("the same ids", FaultOutcome.Runs)
        {
            Responses = [FaultResponse.Json("the request's ids", c =>
                $$"""{"decision":"ALLOW","enforcement_trace_id":{{c.Asked("enforcement_trace_id")}},"action_attestation_id":{{c.Asked("action_attestation_id")}} }""")],
        },
    ];

    private static string[] Modifications =>
    [
        .. from arguments in (string[])
            [
                "[]", "[{\"Text\":\"safe\"}]", "\"safe\"", "7", """{"other":1}""", """{"payload":7}""", """{"payload":"safe"}""", """{"payload":[]}""",
                """{"payload":{"Text":7,"Extra":null}}""", """{"payload":{"Text":"safe","Extra":null},"other":1}""", """{"Payload":{"Text":"safe","Extra":null}}""",
                """{"Text":"safe","Extra":null}""", """{"args":[]}""", """{"args":[1,2,3]}""", """{"arg0":7}""", """{"arg1":{"Text":"safe","Extra":null}}""",
                """{"token":null}""", """{"payload":{"Text":"safe","Extra":null,"Other":1}}""",
            ]
            select """{"decision":"MODIFY","modified_tool_args":""" + arguments + "}",
    ];

    private static FaultResponse[] Json(params string[] bodies) => [.. bodies.Select(FaultResponse.Json)];

    private static Fault Refused(string name, string? code, params FaultResponse[] responses) =>
        new(name, FaultOutcome.Refused) { Responses = responses, Codes = [code] };

    private static Fault Malformed(string name, params FaultResponse[] responses) => Refused(name, SdkReasonCodes.EnforcerInvalidResponse, responses);

    private static Fault Mismatch(string name, string field, string code) => Refused(
        name, code, [.. Json($$"""{"decision":"ALLOW","{{field}}":"another"}""", $$"""{"decision":"BLOCK","{{field}}":"another"}""",
            $$"""{"decision":"MODIFY","modified_tool_args":{"payload":{"Text":"safe","Extra":null} },"{{field}}":" "}""")]);
}
