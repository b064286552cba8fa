using System.Text;
using System.Text.Json;
using Thoth.Interception.Events.Serialization;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events.Serialization;

/// <summary>Contract §5.2 and §5.3: what an event is on the wire.</summary>
public class SerializedEventTests
{
    [Test]
    public void PreEvent_HasItsEnvelopeAndNoDecision()
    {
        var context = new EnforcementContext
        {
            TenantId = "acme",
            AgentId = "agent",
            SessionId = "s",
            EnforcementTraceId = "trace",
            UserId = "ada",
            ApprovedScope = ["search", "mail"],
            Mode = EnforcementMode.StepUp,
            Environment = "dev",
        };
        var request = new EnforcementRequest
        {
            Context = context,
            ToolName = "search",
            SessionToolCalls = ["open", "search"],
            ActionAttestationId = "action",
            OccurredAt = DateTimeOffset.UnixEpoch,
        };
        var e = new BehavioralEvent(BehavioralEventType.ToolCallPre, request)
        {
            EventId = "e1",
            Phase = EventPhase.Pre,
            OccurredAt = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)),
        };

        Assert.That(EventSamples.Body(e), Is.EqualTo("""
            [{"event_id":"acme:e1","tenant_id":"acme","session_id":"s","user_id":"ada","agent_id":"agent","enforcement_mode":"step_up",
            "approved_scope":["search","mail"],"source_type":"agent_tool_call","event_type":"TOOL_CALL_PRE",
            "content":"tool invocation requested","tool_name":"search","session_tool_calls":["open","search"],"occurred_at":"2026-01-01T00:00:00.0000000Z",
            "ttl":1775001600,"metadata":{"telemetry_capture":"minimal","sdk_language":"csharp","environment":"dev",
            "enforcement_trace_id":"trace","tool_call":{"name":"search"},"action_attestation_id":"action","event_phase":"pre"}}]
            """.ReplaceLineEndings("")));
    }

    [Test]
    public void PostEvent_SaysHowItEnded()
    {
        var e = new BehavioralEvent(BehavioralEventType.ToolCallPost, EventSamples.Request(EventSamples.Context))
        {
            Phase = EventPhase.Post,
            OccurredAt = DateTimeOffset.UnixEpoch,
            Duration = TimeSpan.FromMilliseconds(12.5),
            ResultType = "String",
            ResultSizeBytes = 42,
            Decision = new EnforcementDecision { Type = DecisionType.Modify, ViolationId = "only on a block" },
        };
        var wire = EventSamples.Wire(e);

        Assert.That(wire.GetProperty("content").GetString(), Is.EqualTo("tool invocation completed"));
        Assert.That(wire.TryGetProperty("violation_id", out _), Is.False);
        Assert.That(Metadata(e), Does.EndWith(
            """
            "event_phase":"post","duration_ms":12.5,"result_type":"String","result_size_bytes":42,"authorization_decision":"MODIFY"}
            """));
    }

    [TestCase(EventPhase.Error, "error")]
    [TestCase(EventPhase.Cancelled, "cancelled")]
    public void FailedTool_IsAPostInItsPhase_WithTheTypeOfItsException(EventPhase phase, string word)
    {
        var e = new BehavioralEvent(BehavioralEventType.ToolCallPost, EventSamples.Request(EventSamples.Context))
        {
            Phase = phase,
            OccurredAt = DateTimeOffset.UnixEpoch,
            ErrorType = "System.IO.IOException",
        };

        Assert.That(EventSamples.Wire(e).GetProperty("content").GetString(), Is.EqualTo("tool invocation failed"));
        Assert.That(Metadata(e), Does.EndWith($$""" "event_phase":"{{word}}","error_type":"System.IO.IOException"}""".TrimStart()));
    }

    [Test]
    public void BlockEvent_HasTheWholeAllowListAndNothingElse()
    {
        var decision = new EnforcementDecision
        {
            Type = DecisionType.Block,
            AuthorizationDecision = "BLOCK",
            ViolationId = "violation-safe-001",
            DecisionReasonCode = "policy_block",
            ActionClassification = "read",
            MatchedRuleIds = ["rule"],
            DeferTimeout = TimeSpan.FromSeconds(30),
            StepUpTimeout = TimeSpan.FromSeconds(60),
            Evidence = new()
            {
                RiskScore = 91.5,
                Latency = TimeSpan.FromMilliseconds(3),
                PackId = "pack",
                PackVersion = "1.2",
                RuleVersion = 7,
                RegulatoryRegimes = ["gdpr"],
                MatchedControlIds = ["control"],
                PolicyReferences = ["text"],
                ModelSignals = ["moses_action:block", "patient:secret"],
                DecisionEnvelopeVersion = "2",
                Receipt = WrappedTools.Json("""
                    {"receipt_id":"r","decision_id":"d","signature":"s","signing_algorithm":"ED25519","key_id":"k","schema_version":"1",
                     "audit_envelope":{"auth_context":"x"},"decision":{"authorization_decision":"BLOCK","reason":"x","outcome":"blocked"}}
                    """),
                TerminalReceipt = WrappedTools.Json("""{"receipt_id":"t","unknown":1}"""),
                DecisionEvidence = WrappedTools.Json("""
                    {"decision_reason_code":"policy_block","risk_score":91.5,"rule_version":1e400,"latency_ms":"x","matched_rule_ids":["a",{"b":1},null,2],
                     "policy":{"policy_id":"p","matched_rule_ids":["rule-safe-001"],"explanation":"x"},"unknown":"x"}
                    """),
            },
        };
        var wire = EventSamples.Wire(EventSamples.New(BehavioralEventType.ToolCallBlock, decision));

        Assert.That(wire.GetProperty("violation_id").GetString(), Is.EqualTo("violation-safe-001"));
        Assert.That(wire.GetProperty("metadata").GetRawText(), Does.EndWith("""
            "event_phase":"block","decision_id":"d","authorization_decision":"BLOCK","decision_reason_code":"policy_block",
            "action_classification":"read","pack_id":"pack","pack_version":"1.2","decision_envelope_version":"2","risk_score":91.5,
            "latency_ms":3,"rule_version":7,"defer_timeout_seconds":30,"step_up_timeout_seconds":60,"regulatory_regimes":["gdpr"],
            "matched_rule_ids":["rule"],"matched_control_ids":["control"],"model_signals":["moses_action:block"],
            "receipt":{"receipt_id":"r","decision_id":"d","signature":"s","signing_algorithm":"ED25519","key_id":"k",
            "schema_version":"1","decision":{"authorization_decision":"BLOCK","outcome":"blocked"}},
            "terminal_receipt":{"receipt_id":"t"},"decision_evidence":{"decision_reason_code":"policy_block","risk_score":91.5,
            "matched_rule_ids":["a"],"policy":{"policy_id":"p","matched_rule_ids":["rule-safe-001"]}}}
            """.ReplaceLineEndings("")));
    }

    [Test]
    public void NumbersThatAreNone_AreLeftOut()
    {
        var wire = EventSamples.Wire(EventSamples.New(BehavioralEventType.ToolCallPost, new EnforcementDecision
        {
            Type = DecisionType.Allow,
            MatchedRuleIds = ["rule-123", null!],
            Evidence = new()
            {
                RiskScore = double.PositiveInfinity,
                Latency = TimeSpan.FromMilliseconds(92),
            },
        })).GetProperty("metadata");

        Assert.That(wire.TryGetProperty("risk_score", out _), Is.False);
        Assert.That(wire.GetProperty("latency_ms").GetRawText(), Is.EqualTo("92"));
        Assert.That(wire.GetProperty("matched_rule_ids").GetRawText(), Is.EqualTo("""["rule-123"]"""));
    }

    [Test]
    public void SessionStart_IsAnInvocationOfTheSdk()
    {
        Assert.That(EventSamples.Body(BehavioralEvent.SessionStarted(EventSamples.Context, DateTimeOffset.UnixEpoch)), Does.Match("""
            "source_type":"agent_llm_invocation","event_type":"LLM_INVOCATION","content":"thoth_sdk_session_start","tool_name":"thoth_sdk",
            .*"session_tool_calls":\[\],.*
            "metadata":{"telemetry_capture":"minimal","sdk_language":"csharp","environment":"prod","enforcement_trace_id":"t"}}\]$
            """.ReplaceLineEndings("")));
    }

    [TestCase("trantor", "evt_123", "trantor:evt_123")]
    [TestCase("trantor", "trantor:evt_9", "trantor:evt_9")]
    [TestCase("  ", "e", "unknown:e")]
    public void EventId_IsPrefixedByTheTenantOnce(string tenant, string id, string expected)
    {
        var context = new EnforcementContext { TenantId = tenant, AgentId = "a", SessionId = "s", EnforcementTraceId = "t" };
        var e = new BehavioralEvent(BehavioralEventType.ToolCallPre, EventSamples.Request(context))
        {
            EventId = id,
            Phase = EventPhase.Pre,
            OccurredAt = DateTimeOffset.UnixEpoch,
        };

        Assert.That(EventSamples.Wire(e).GetProperty("event_id").GetString(), Is.EqualTo(expected));
    }

    [Test]
    public void UnreadableEvidence_IsLeftOutWithTheDecision_AndTheOtherEventsGo()
    {
        JsonElement gone;
        using (var document = JsonDocument.Parse("{}"))
        {
            gone = document.RootElement;
        }

        var decision = new EnforcementDecision { Type = DecisionType.Allow, Evidence = new() { PackId = "pack", Receipt = gone } };
        var half = decision with { Evidence = decision.Evidence with { Receipt = WrappedTools.Json("""{"receipt_id":"\ud800"}""") } };
        var batch = WrappedTools.Json(EventSamples.Body(
            EventSamples.New(), EventSamples.New(BehavioralEventType.ToolCallPost, decision),
            EventSamples.New(BehavioralEventType.ToolCallPost, half), EventSamples.New()));

        Assert.That(batch.GetArrayLength(), Is.EqualTo(4));
        Assert.That(batch[1].GetProperty("metadata").TryGetProperty("pack_id", out _), Is.False);
        Assert.That(batch[2].GetProperty("event_type").GetString(), Is.EqualTo("TOOL_CALL_POST"));
    }

    [Test]
    public void HalfASurrogatePairInAName_IsReplaced()
    {
        var request = new EnforcementRequest
        {
            Context = EventSamples.Context,
            ToolName = "a\ud800",
            SessionToolCalls = [],
            OccurredAt = DateTimeOffset.UnixEpoch,
        };
        var e = new BehavioralEvent(BehavioralEventType.ToolCallPre, request) { Phase = EventPhase.Pre, OccurredAt = DateTimeOffset.UnixEpoch };

        Assert.That(EventSamples.Wire(e).GetProperty("tool_name").GetString(), Is.EqualTo("a\ufffd"));
    }

    [Test]
    public void Ids_AreTheSameOnTheWireAndAsTexts_WhicheverIsMadeFirst()
    {
        var (wireFirst, textFirst) = (EventSamples.New(), EventSamples.New());
        var (id, action) = (textFirst.EventId, textFirst.Request.ActionAttestationId);

        var (first, second) = (EventSamples.Wire(wireFirst), EventSamples.Wire(textFirst));

        Assert.That(first.GetProperty("event_id").GetString(), Is.EqualTo(wireFirst.EventId).And.StartsWith("acme:"));
        Assert.That(Action(first), Is.EqualTo(wireFirst.Request.ActionAttestationId));
        Assert.That(second.GetProperty("event_id").GetString(), Is.EqualTo(id));
        Assert.That(Action(second), Is.EqualTo(action));

        static string? Action(JsonElement e) => e.GetProperty("metadata").GetProperty("action_attestation_id").GetString();
    }

    [Test]
    public void TenantWithCharactersOfJson_IsEscapedInEveryId()
    {
        var e = EventSamples.New(context: new() { TenantId = "a\"b\\", AgentId = "agent", SessionId = "s", EnforcementTraceId = "t" });

        Assert.That(EventSamples.Wire(e).GetProperty("event_id").GetString(), Is.EqualTo(e.EventId).And.StartsWith("a\"b\\:"));
    }

    [Test]
    public void Body_IsUsedAgain_AndGrowsWithItsEvents()
    {
        var body = new EventBatchBody();
        var events = Enumerable.Range(0, 300).Select(_ => EventSamples.New()).ToArray();
        body.Write(events);
        Assert.That(JsonDocument.Parse(body.Written).RootElement.GetArrayLength(), Is.EqualTo(300));

        body.Write(events[..1]);

        Assert.That(Encoding.UTF8.GetString(body.Written.Span), Is.EqualTo(EventSamples.Body(events[0])));
    }

    private static string Metadata(BehavioralEvent e) => EventSamples.Wire(e).GetProperty("metadata").GetRawText();
}
