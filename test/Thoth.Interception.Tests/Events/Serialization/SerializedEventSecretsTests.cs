using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

#pragma warning disable NUnit1027 // FsCheck supplies the arguments of its properties.

namespace Thoth.Interception.Tests.Events.Serialization;

/// <summary>
/// Contract §5.3: a marker stands in every place that the allow-list does not name, in varied JSON, and is never serialized.
/// </summary>
public class SerializedEventSecretsTests
{
    private const string Secret = "SYNTHETIC-CANARY-4471";

    private static readonly string[] s_receiptTexts = ["receipt_id", "decision_id", "signature", "signing_algorithm", "key_id", "schema_version"];
    private static readonly string[] s_receiptDecisionTexts = ["authorization_decision", "decision_reason_code", "outcome"];

    private static readonly string[] s_evidenceTexts =
    [
        "decision_id", "decision_reason_code", "authorization_decision", "action_classification", "decision_envelope_version",
        "pack_id", "pack_version",
    ];

    private static readonly string[] s_numbers = ["risk_score", "latency_ms", "rule_version"];
    private static readonly string[] s_lists = ["regulatory_regimes", "matched_rule_ids", "matched_control_ids"];
    private static readonly string[] s_policyTexts = ["policy_id", "policy_version", "rule_id"];

    private static readonly string[] s_anyName =
    [
        .. s_receiptTexts, .. s_receiptDecisionTexts, .. s_evidenceTexts, .. s_numbers, .. s_lists, .. s_policyTexts, "decision", "policy",
        "reason", "explanation", "audit_envelope", "tool_args", "task_context", "metadata", "error", Secret,
    ];

    private static readonly string[] s_signals =
    [
        "threat:prompt_injection", "threat:prompt_injection_pattern:0.5", "moses_risk:supply_chain", "moses_risk_conf:misinformation:0.2",
        "classification:phi", "dlp_redactions:2", "attestation:missing", "authz:allow", "moses_confidence:1.0",
    ];

    [FsCheck.NUnit.Property(MaxTest = 300, EndSize = 1_000_000)]
    public void Secret_IsNotSerialized(int seed)
    {
        var random = new Random(seed);
        var type = random.Next(3) switch { 0 => BehavioralEventType.ToolCallPre, 1 => BehavioralEventType.ToolCallPost, _ => BehavioralEventType.ToolCallBlock };
        var e = new BehavioralEvent(type, Request())
        {
            Phase = (EventPhase)random.Next(5),
            OccurredAt = DateTimeOffset.UnixEpoch,
            Decision = Decision(random),
            CapturedArguments = Arguments(),
        };

        var body = EventSamples.Body(e, e);

        Assert.That(body, Does.Not.Contain(Secret));
        Assert.That(JsonDocument.Parse(body).RootElement[0].GetProperty("metadata").GetProperty("pack_id").GetString(), Is.EqualTo("safe"));
    }

    private static EnforcementRequest Request() => new()
    {
        Context = new EnforcementContext
        {
            TenantId = "acme",
            AgentId = "agent",
            SessionId = "s",
            EnforcementTraceId = "t",
            SessionIntent = Secret,
            Purpose = Secret,
            DataClassification = Secret,
            TaskContext = new TaskContext { InitiatedBy = Secret, TaskId = Secret, Chain = [Secret] },
            IdentityBinding = new Dictionary<string, string> { [Secret] = Secret },
            ModelName = Secret,
            ModelProvider = Secret,
            ModelArtifactId = Secret,
            ModelArtifactVersion = Secret,
            AuthContext = Element(new JsonObject { ["a"] = Secret }),
            DelegationContext = Element(new JsonObject { ["a"] = Secret }),
            Metadata = Element(new JsonObject { [Secret] = 1 }),
            EndpointId = Secret,
            FleetId = Secret,
        },
        ToolName = "search",
        Arguments = Arguments(),
        SessionToolCalls = ["search"],
        OccurredAt = DateTimeOffset.UnixEpoch,
    };

    private static EnforcementDecision Decision(Random random) => new()
    {
        Type = (DecisionType)random.Next(5),
        Reason = Secret,
        HoldToken = Secret,
        DeferReason = Secret,
        ModificationReason = Secret,
        ModifiedToolArgs = Element(new JsonObject { ["a"] = Secret }),
        Evidence = new()
        {
            PackId = "safe",
            PolicyReferences = [Secret],
            FastMlFeatures = new Dictionary<string, double> { [Secret] = 1 },
            ScoreComponents = Element(new JsonObject { ["a"] = Secret }),
            TopContributors = [Element(new JsonObject { ["a"] = Secret })],
            ModelSignals = [.. Enumerable.Range(0, 8).Select(_ => Signal(random)).Where(signal => signal.Contains(Secret))],
            Receipt = Element(Object(random, s_receiptTexts, [], [], ("decision", s_receiptDecisionTexts, []))),
            TerminalReceipt = Element(Object(random, s_receiptTexts, [], [], ("decision", s_receiptDecisionTexts, []))),
            DecisionEvidence = Element(Object(random, s_evidenceTexts, s_numbers, s_lists, ("policy", s_policyTexts, s_lists))),
        },
    };

    /// <summary>A known signal with the secret before, within or behind it.</summary>
    private static string Signal(Random random)
    {
        var known = s_signals[random.Next(s_signals.Length)];
        return known.Insert(random.Next(known.Length + 1), random.Next(2) == 0 ? Secret : $":{Secret}");
    }

    private static JsonObject Object(
        Random random, string[] texts, string[] numbers, string[] lists, (string Name, string[] Texts, string[] Lists)? child)
    {
        var result = new JsonObject();
        foreach (var name in s_anyName.Where(_ => random.Next(3) > 0))
        {
            result[name] =
                child is { } inner && inner.Name == name ? random.Next(4) > 0 ? Object(random, inner.Texts, [], inner.Lists, null) : Secret
                : texts.Contains(name) && random.Next(2) == 0 ? "safe"
                : numbers.Contains(name) && random.Next(2) == 0 ? 1.5
                : lists.Contains(name) && random.Next(2) == 0 ? new JsonArray("safe", new JsonObject { ["x"] = Secret }, new JsonArray(Secret), 1)
                : Hidden(random, text: !texts.Contains(name));
        }

        return result;
    }

    /// <summary>The secret as some value; as a bare text only where no text is allowed, and never as a list's own text.</summary>
    private static JsonNode Hidden(Random random, bool text) => random.Next(text ? 4 : 3) switch
    {
        0 => new JsonObject { ["receipt_id"] = Secret, ["matched_rule_ids"] = new JsonArray(Secret) },
        1 => new JsonArray(new JsonArray(Secret), new JsonObject { [Secret] = Secret }),
        2 => new JsonObject { [Secret] = new JsonObject { ["decision_id"] = Secret } },
        _ => Secret,
    };

    private static byte[] Arguments() => Encoding.UTF8.GetBytes($$"""{"path":"{{Secret}}"}""");

    private static JsonElement Element(JsonNode node) => JsonSerializer.SerializeToElement(node);
}
