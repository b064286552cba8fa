using System.Text;
using System.Text.Json;
using Thoth.Interception.Enforcement.Http;

namespace Thoth.Interception.Tests.Enforcement.Http;

/// <summary>Reads a decision from the JSON of a response (contract §1.2.2 to §1.2.4).</summary>
public class DecisionReaderTests
{
    [TestCase("ALLOW", DecisionType.Allow)]
    [TestCase(" Allow ", DecisionType.Allow)]
    [TestCase("BLOCK", DecisionType.Block)]
    [TestCase("deny", DecisionType.Block)]
    [TestCase("step_up", DecisionType.StepUp)]
    [TestCase("CHALLENGE", DecisionType.StepUp)]
    [TestCase("escalate", DecisionType.StepUp)]
    [TestCase("Review", DecisionType.StepUp)]
    [TestCase("MODIFY", DecisionType.Modify)]
    [TestCase("modified", DecisionType.Modify)]
    [TestCase("TRANSFORM", DecisionType.Modify)]
    [TestCase("DEFER", DecisionType.Defer)]
    [TestCase("deferred", DecisionType.Defer)]
    [TestCase("HOLD", DecisionType.Defer)]
    public void KnownWord_InEitherField_IsTheVerdict(string word, DecisionType expected)
    {
        foreach (var field in (string[])["decision", "authorization_decision", "authorizationDecision"])
        {
            var decision = Read($$"""{"{{field}}":"{{word}}"}""");

            Assert.That((decision.Type, decision.SdkReasonCode), Is.EqualTo((expected, (string?)null)), field);
        }
    }

    [TestCase("{}")]
    [TestCase("""{"decision":""}""")]
    [TestCase("""{"decision":null,"authorization_decision":" "}""")]
    [TestCase("""{"decision":"MAYBE"}""")]
    [TestCase("""{"decision":"observe"}""")]
    [TestCase("""{"decision":"STEP UP"}""")]
    [TestCase("""{"decision":true}""")]
    [TestCase("""{"decision":["ALLOW"]}""")]
    [TestCase("""{"decision":[]}""")]
    [TestCase("""{"decision":{}}""")]
    [TestCase("""{"decision":"\ud800"}""")]
    [TestCase("""{"Decision":"ALLOW"}""")]
    [TestCase("""{"decision":"ALLOW","authorization_decision":7}""")]
    [TestCase("""{"decision":0,"authorization_decision":"ALLOW"}""")]
    [TestCase("""{"decision":"ALLOW","authorization_decision":"SURE"}""")]
    [TestCase("""{"decision":"ALLOW","authorizationDecision":"SURE"}""")]
    [TestCase("""{"decision":"WHAT","authorization_decision":"ALLOW"}""")]
    public void NoUsableWord_Blocks(string json)
    {
        var decision = Read(json);

        Assert.That(decision.Type, Is.EqualTo(DecisionType.Block));
        Assert.That(decision.Reason, Is.EqualTo("unsupported authorization decision"));
        Assert.That(decision.SdkReasonCode, Is.EqualTo(SdkReasonCodes.UnsupportedDecision));
        Assert.That(decision.DecisionReasonCode, Is.EqualTo(SdkReasonCodes.UnsupportedDecision));
    }

    [Test]
    public void UnknownWord_KeepsTheReasonAndTheCode()
    {
        var decision = Read("""{"decision":"MAYBE","reason":"quota rule","decision_reason_code":"quota"}""");

        Assert.That((decision.Reason, decision.DecisionReasonCode), Is.EqualTo(("quota rule", "quota")));
    }

    [Test]
    public void DifferentVerdicts_TheStricterWins()
    {
        (string Word, DecisionType Type)[] byStrictness =
        [
            ("BLOCK", DecisionType.Block), ("DEFER", DecisionType.Defer), ("STEP_UP", DecisionType.StepUp),
            ("MODIFY", DecisionType.Modify), ("ALLOW", DecisionType.Allow),
        ];
        for (var strict = 0; strict < byStrictness.Length; strict++)
        {
            for (var lax = strict + 1; lax < byStrictness.Length; lax++)
            {
                foreach (var (first, second) in new[] { (strict, lax), (lax, strict) })
                {
                    var decision = Read($$"""{"decision":"{{byStrictness[first].Word}}","authorization_decision":"{{byStrictness[second].Word}}"}""");
                    Assert.That(decision.Type, Is.EqualTo(byStrictness[strict].Type));
                    Assert.That(decision.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ConflictingDecisions));
                    Assert.That(decision.AuthorizationDecision, Is.EqualTo(byStrictness[second].Word), "kept as it was");
                    Assert.That(decision.DecisionReasonCode, Is.Null, "an annotation, not a verdict of the library's own");
                }
            }
        }
    }

    [TestCase("""{"authorization_decision":"BLOCK","authorizationDecision":"ALLOW"}""")]
    [TestCase("""{"authorizationDecision":"ALLOW","authorization_decision":"BLOCK"}""")]
    public void Verdict_OfTwoSpellingsOfOneName_IsTheSnakeCaseOne(string json) =>
        Assert.That(Read(json).Type, Is.EqualTo(DecisionType.Block));

    [Test]
    public void SameVerdict_InTwoSpellings_IsNoConflict()
    {
        var decision = Read("""{"decision":"BLOCK","authorization_decision":"DENY"}""");

        Assert.That((decision.SdkReasonCode, decision.AuthorizationDecision), Is.EqualTo(((string?)null, "DENY")));
    }

    [Test]
    public void ReasonFillIn_TakesTheReasonOfTheVerdict()
    {
        Assert.That(Read("""{"decision":"MODIFY","reason":" ","modification_reason":"redacted"}""").Reason, Is.EqualTo("redacted"));
        Assert.That(Read("""{"decision":"DEFER","defer_reason":"later","deferTimeoutSeconds":30}""").Reason, Is.EqualTo("later"));
        Assert.That(Read("""{"decision":"MODIFY","reason":"own","modification_reason":"redacted"}""").Reason, Is.EqualTo("own"));
        Assert.That(Read("""{"decision":"BLOCK","modification_reason":"redacted"}""").Reason, Is.Null);
    }

    [Test]
    public void Evidence_InBothSpellings_IsRead([Values] bool camel)
    {
        const string Snake = """
            {"decision":"STEP_UP","authorization_decision":"STEP_UP","decision_reason_code":"code","action_classification":"write","reason":"why",
            "violation_id":"vio","hold_token":"hold","risk_score":93.7,"latency_ms":15.4,"pack_id":"pack","pack_version":"2026.05.01",
            "rule_version":7,"regulatory_regimes":["soc2"],"matched_rule_ids":["r1"],"matched_control_ids":["c1"],
            "policy_references":["p1"],"model_signals":["s1"],"receipt":{"receipt_id":"1"},"terminal_receipt":{"receipt_id":"2"},
            "modified_tool_args":{"a":1},"modification_reason":"m","defer_reason":"d","defer_timeout_seconds":45.0,
            "step_up_timeout_seconds":900,"decision_envelope_version":"2","enforcement_trace_id":"t","action_attestation_id":"a",
            "fastml_features":{"x":0.5,"y":"no"},"score_components":{"z":1},"top_contributors":[{"name":"n"},7],"decision_evidence":{"e":1}}
            """;
        var decision = Read(camel ? CamelCase(Snake) : Snake);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((decision.Type, decision.SdkReasonCode), Is.EqualTo((DecisionType.StepUp, (string?)null)));
            Assert.That((decision.AuthorizationDecision, decision.DecisionReasonCode), Is.EqualTo(("STEP_UP", "code")));
            Assert.That((decision.ActionClassification, decision.Reason, decision.ViolationId), Is.EqualTo(("write", "why", "vio")));
            Assert.That((decision.HoldToken, decision.Evidence.RiskScore, decision.Evidence.Latency), Is.EqualTo(("hold", 93.7, TimeSpan.FromMilliseconds(15.4))));
            Assert.That((decision.Evidence.PackId, decision.Evidence.PackVersion, decision.Evidence.RuleVersion), Is.EqualTo(("pack", "2026.05.01", 7L)));
            Assert.That(decision.Evidence.RegulatoryRegimes, Is.EqualTo(["soc2"]));
            Assert.That(decision.MatchedRuleIds, Is.EqualTo(["r1"]));
            Assert.That(decision.Evidence.MatchedControlIds, Is.EqualTo(["c1"]));
            Assert.That(decision.Evidence.PolicyReferences, Is.EqualTo(["p1"]));
            Assert.That(decision.Evidence.ModelSignals, Is.EqualTo(["s1"]));
            Assert.That(decision.Evidence.Receipt!.Value.EnumerateObject().Single().Value.GetString(), Is.EqualTo("1"));
            Assert.That(decision.Evidence.TerminalReceipt!.Value.EnumerateObject().Single().Value.GetString(), Is.EqualTo("2"));
            Assert.That(decision.ModifiedToolArgs!.Value.GetRawText(), Is.EqualTo("""{"a":1}"""));
            Assert.That((decision.ModificationReason, decision.DeferReason, decision.DeferTimeout), Is.EqualTo(("m", "d", TimeSpan.FromSeconds(45))));
            Assert.That((decision.StepUpTimeout, decision.Evidence.DecisionEnvelopeVersion), Is.EqualTo((TimeSpan.FromSeconds(900), "2")));
            Assert.That((decision.EnforcementTraceId, decision.ActionAttestationId), Is.EqualTo(("t", "a")));
            Assert.That(decision.Evidence.FastMlFeatures, Is.EqualTo(new Dictionary<string, double> { ["x"] = 0.5 }));
            Assert.That(decision.Evidence.ScoreComponents!.Value.GetRawText(), Is.EqualTo("""{"z":1}"""));
            Assert.That(decision.Evidence.TopContributors.Single().GetProperty("name").GetString(), Is.EqualTo("n"));
            Assert.That(decision.Evidence.DecisionEvidence!.Value.GetRawText(), Is.EqualTo("""{"e":1}"""));
        }
    }

    [TestCase("""{"violation_id":"snake","violationId":"camel"}""", "snake")]
    [TestCase("""{"violation_id":"","violationId":"camel"}""", "camel")]
    [TestCase("""{"violation_id":null,"violationId":"camel"}""", "camel")]
    [TestCase("""{"violation_id":[],"violationId":"camel"}""", "camel")]
    [TestCase("""{"violation_id":7,"violationId":"camel"}""", null)]
    [TestCase("""{"violation_id":"","violationId":""}""", null)]
    public void Alias_IsReadWhereTheSnakeCaseSaysNothing(string json, string? expected) =>
        Assert.That(Read(json).ViolationId, Is.EqualTo(expected));

    [TestCase("7")]
    [TestCase("[\"x\"]")]
    [TestCase("{}")]
    [TestCase("\"\\udfff\"")]
    public void Alias_OfAnEchoedId_IsReadIfTheSnakeCaseIsNoText(string snake)
    {
        var decision = Read(
            $$"""{"action_attestation_id":{{snake}},"actionAttestationId":"a","enforcement_trace_id":{{snake}},"enforcementTraceId":"t"}""");

        Assert.That((decision.ActionAttestationId, decision.EnforcementTraceId), Is.EqualTo(("a", "t")));
    }

    [Test]
    public void Alias_OfAList_IsReadWhereTheListIsEmpty() =>
        Assert.That(Read("""{"matched_rule_ids":[],"matchedRuleIds":["r"]}""").MatchedRuleIds, Is.EqualTo(["r"]));

    [Test]
    public void EvidenceOfTheWrongType_IsDroppedOneByOne_AndTheVerdictStands()
    {
        var decision = Read("""
            {"decision":"BLOCK","reason":"no","rule_version":"v7","risk_score":"high","latency_ms":1e999,"pack_id":{},"pack_version":3,
            "matched_rule_ids":[" r1 ","",7,null,{},"r2"],"policy_references":"p","receipt":[],"modified_tool_args":"{}","hold_token":5,
            "defer_timeout_seconds":45.5,"step_up_timeout_seconds":99999999999,"action_attestation_id":1,"enforcement_trace_id":false,
            "fastml_features":[1],"top_contributors":{},"score_components":7,"decision_evidence":"x","violation_id":"\udfff","metadata":3}
            """);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((decision.Type, decision.Reason), Is.EqualTo((DecisionType.Block, "no")));
            Assert.That((decision.Evidence.RuleVersion, decision.Evidence.RiskScore, decision.Evidence.Latency), Is.EqualTo(((long?)null, (double?)null, (TimeSpan?)null)));
            Assert.That(decision.Evidence.PackId ?? decision.Evidence.PackVersion ?? decision.HoldToken ?? decision.ViolationId, Is.Null);
            Assert.That(decision.MatchedRuleIds, Is.EqualTo(["r1", "r2"]));
            Assert.That(decision.Evidence.PolicyReferences, Is.Empty);
            Assert.That(decision.Evidence.Receipt ?? decision.ModifiedToolArgs ?? decision.Evidence.ScoreComponents ?? decision.Evidence.DecisionEvidence, Is.Null);
            Assert.That(decision.DeferTimeout ?? decision.StepUpTimeout, Is.Null);
            Assert.That(decision.ActionAttestationId ?? decision.EnforcementTraceId, Is.Null);
            Assert.That(decision.Evidence.FastMlFeatures, Is.Null);
            Assert.That(decision.Evidence.TopContributors, Is.Empty);
        }
    }

    [TestCase("7", 7L)]
    [TestCase("7.0", 7L)]
    [TestCase("70e-1", 7L)]
    [TestCase("-3", -3L)]
    [TestCase("9223372036854775807", long.MaxValue)]
    [TestCase("9223372036854775808", null)]
    [TestCase("9223372036854775807.0", long.MaxValue)]
    [TestCase("9223372036854775808.0", null)]
    [TestCase("-9223372036854775808.0", long.MinValue)]
    [TestCase("-9223372036854775809.0", null)]
    [TestCase("7.5", null)]
    [TestCase("1e400", null)]
    public void Integer_NeedsAnIntegralValue(string number, long? expected) =>
        Assert.That(Read($$"""{"rule_version":{{number}}}""").Evidence.RuleVersion, Is.EqualTo(expected));

    [TestCase("0", 0L)]
    [TestCase("0.3", 3_000L)]
    [TestCase("8.2", 82_000L)]
    [TestCase("15.43215", 154_322L)]
    [TestCase("-1.5", -15_000L)]
    [TestCase("9e14", 9_000_000_000_000_000_000L)]
    [TestCase("9.3e14", null)]
    [TestCase("-9.3e14", null)]
    [TestCase("1e300", null)]
    public void Latency_IsRoundedToTicks_AndDroppedOutOfRange(string milliseconds, long? ticks) =>
        Assert.That(Read($$"""{"decision":"ALLOW","latency_ms":{{milliseconds}}}""").Evidence.Latency?.Ticks, Is.EqualTo(ticks));

    [TestCase("2147483647", 2147483647L)]
    [TestCase("2147483648", null)]
    [TestCase("-5", -5L)]
    [TestCase("1.5", null)]
    public void Timeouts_AreWholeSecondsOf32Bits(string seconds, long? expected)
    {
        var decision = Read($$"""{"decision":"ALLOW","step_up_timeout_seconds":{{seconds}},"defer_timeout_seconds":{{seconds}}}""");

        Assert.That(decision.StepUpTimeout?.TotalSeconds, Is.EqualTo(expected));
        Assert.That(decision.DeferTimeout, Is.EqualTo(decision.StepUpTimeout));
    }

    [Test]
    public void Evidence_OfAResponseWithoutAny_IsOneSharedInstance()
    {
        const string Json = """
            {"decision":"ALLOW","authorization_decision":"ALLOW","reason":"ok","violation_id":"v","decision_reason_code":"c","hold_token":"t",
            "matched_rule_ids":["r"],"step_up_timeout_seconds":1,"defer_timeout_seconds":1,"modified_tool_args":{},"action_attestation_id":"a"}
            """;

        Assert.That(Read(Json).Evidence, Is.SameAs(EnforcementEvidence.Empty));
        Assert.That(Read("""{"decision":"ALLOW","packVersion":"1"}""").Evidence.PackVersion, Is.EqualTo("1"), "an alias is evidence too");
    }

    [Test]
    public void Evidence_UnderMetadata_IsFound_AndItsEnvelopeVersionToo()
    {
        var decision = Read("""{"decision":"ALLOW","metadata":{"decision_evidence":{"decision_envelope_version":"2","x":1}}}""");

        Assert.That(decision.Evidence.DecisionEvidence!.Value.GetRawText(), Is.EqualTo("""{"decision_envelope_version":"2","x":1}"""));
        Assert.That(decision.Evidence.DecisionEnvelopeVersion, Is.EqualTo("2"));
    }

    [Test]
    public void EverySpelling_HasItsOwnPlace_AndTheSnakeCaseOneWins_InAnyOrder()
    {
        foreach (var field in Enum.GetValues<ResponseProperty>())
        {
            var (camel, snake) = (JsonNamingPolicy.CamelCase.ConvertName($"{field}"), JsonNamingPolicy.SnakeCaseLower.ConvertName($"{field}"));
            Assert.That(TextIn($$"""{"{{snake}}":"own"}""", field), Is.EqualTo("own"));
            Assert.That(TextIn($$"""{"x":1,"{{camel}}":"own"}""", field), Is.EqualTo("own"));
            if (camel != snake)
            {
                Assert.That(TextIn($$"""{"{{camel}}":"alias","{{snake}}":"own"}""", field), Is.EqualTo("own"));
                Assert.That(TextIn($$"""{"{{snake}}":"own","{{camel}}":"alias"}""", field), Is.EqualTo("own"));
            }
        }
    }

    [Test]
    public void EscapedName_IsTheName()
    {
        var decision = Read("""{"\u0064ecision":"ALLOW","violation\u005fid":"v","reason\u0000":"no name of ours"}""");

        Assert.That((decision.Type, decision.ViolationId, decision.Reason), Is.EqualTo((DecisionType.Allow, "v", (string?)null)));
    }

    [Test]
    public void UnknownNames_AreLeftAside_HoweverManyAndLong()
    {
        var others = Enumerable.Range(0, 500).Select(i => $"\"{new string('ü', i % 90)}{i}\":{i}");

        var decision = Read($$"""{ {{string.Join(',', others)}},"reason":"r","decision":"ALLOW"}""");

        Assert.That((decision.Type, decision.Reason), Is.EqualTo((DecisionType.Allow, "r")));
    }

    [TestCase("\"\\u0041LLOW\"", "ALLOW")]
    [TestCase("\"allow\"", "allow")]
    [TestCase("\" ALLOW\"", " ALLOW")]
    public void Word_IsKeptAsItWas(string json, string expected)
    {
        var decision = Read($$"""{"authorization_decision":{{json}}}""");

        Assert.That((decision.Type, decision.AuthorizationDecision), Is.EqualTo((DecisionType.Allow, expected)));
    }

    [Test]
    public void Fields_HaveABitEach() => Assert.That(Enum.GetValues<ResponseProperty>(), Has.Length.LessThanOrEqualTo(64));

    [Test]
    public void NotOneObject_IsNothing()
    {
        string[] bodies =
        [
            "", "[]", "null", "1", "{", "{}x", "{}{}", """{"a":1,"a":1}""", """{"a":1,"\u0061":1}""", """{"x":{"a":1,"a":2},"decision":"ALLOW"}""",
            """{"\ud800":1,"decision":"ALLOW"}""", """{"x":{"\ud800":1},"decision":"ALLOW"}""", """{"fastml_features":{"\ud800":"x"},"decision":"ALLOW"}""",
            """{"decision":"ALLOW","fastml_features":{"\ud800":1}}""", """{"decision":"ALLOW","metadata":{"\ud800":1}}""", "\uFEFF{}", "{a:1}", "{'a':1}", """{"a":1,}""",
            string.Concat(Enumerable.Repeat("""{"a":""", 70)) + "1" + new string('}', 70),
        ];
        foreach (var body in bodies)
        {
            Assert.That(DecisionReader.Read(Encoding.UTF8.GetBytes(body)), Is.Null, body);
        }

        byte[] invalid = [.. "{\"decision\":\"ALLOW\",\"x\":\""u8, 0xff, .. "\"}"u8];
        Assert.That(DecisionReader.Read(invalid), Is.Null, "invalid UTF-8");
    }

    private static string? TextIn(string json, ResponseProperty field) => ResponseReader.Read(Encoding.UTF8.GetBytes(json), response => response.Text(field));

    private static EnforcementDecision Read(string json) => DecisionReader.Read(Encoding.UTF8.GetBytes(json))!;

    private static string CamelCase(string json) => System.Text.RegularExpressions.Regex.Replace(
        json, "\"[a-z]+(_[a-z]+)+\"(?=:)", name => System.Text.RegularExpressions.Regex.Replace(name.Value, "_([a-z])", l => l.Groups[1].Value.ToUpperInvariant()));
}
