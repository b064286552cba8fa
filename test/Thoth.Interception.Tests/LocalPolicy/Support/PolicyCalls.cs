using System.Text;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Loading;
using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.Tests.LocalPolicy.Support;

/// <summary>Creates short policies and calls for tests.</summary>
internal static class PolicyCalls
{
    public static CompiledPolicy Policy(params string[] rules) =>
        Load($$"""{ "id": "test", "version": "7", "rules": [ {{string.Join(",\n", rules)}} ] }""");

    public static CompiledPolicy Load(string json) => PolicyLoader.Load("test.json", Encoding.UTF8.GetBytes(json));

    /// <param name="json">The policy, or a rule.</param>
    /// <param name="wrap">Whether the text is a rule.</param>
    public static PolicyLoadException LoadError(string json, bool wrap = false) =>
        Assert.Throws<PolicyLoadException>(() => Load(wrap ? $$"""{ "rules": [ {{json}} ] }""" : json))!;

    /// <summary>Creates a rule for all tools with these conditions.</summary>
    public static string When(string when, string decision = "allow", string id = "rule") =>
        $$"""{ "id": "{{id}}", "tools": "*", "when": { {{when}} }, "decision": "{{decision}}" }""";

    public static EnforcementRequest Call(
        string tool = "tool",
        string? arguments = null,
        ToolAction action = ToolAction.Unspecified,
        string[]? earlier = null,
        string[]? scope = null,
        EnforcementMode mode = EnforcementMode.Block,
        string user = "alice",
        string environment = "prod",
        string? intent = null,
        string? purpose = null,
        string? classification = null) => new()
        {
            Context = new()
            {
                TenantId = "acme",
                AgentId = "agent-1",
                UserId = user,
                SessionId = "session-1",
                EnforcementTraceId = "session-1",
                ApprovedScope = scope ?? [],
                Mode = mode,
                Environment = environment,
                SessionIntent = intent,
                Purpose = purpose,
                DataClassification = classification,
            },
            ToolName = tool,
            Arguments = arguments is null ? default : Encoding.UTF8.GetBytes(arguments),
            Action = action,
            SessionToolCalls = [.. earlier ?? [], tool],
            OccurredAt = DateTimeOffset.UnixEpoch,
        };

    public static EnforcementDecision Decide(CompiledPolicy policy, EnforcementRequest request) =>
        PolicyEvaluator.Decide(policy, request).Decision;

    public static DecisionType Verdict(CompiledPolicy policy, EnforcementRequest request) => Decide(policy, request).Type;

    /// <summary>Evaluates a condition in an <c>allow</c> rule (permits) and in a <c>block</c> rule (restricts).</summary>
    public static (bool Permits, bool Restricts) Evaluate(string when, EnforcementRequest request)
    {
        var permits = Verdict(Policy(When(when)), request) == DecisionType.Allow;
        var restricts = Verdict(
            Policy("""{ "id": "all", "tools": "*", "decision": "allow" }""", When(when, "block")), request) == DecisionType.Block;
        return (permits, restricts);
    }
}
