using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>A policy and a call, both as JSON, and what the two evaluators decide.</summary>
internal sealed record PolicyCase(string Policy, string Call)
{
    /// <summary>Gets the first error of the policy, or null if the policy is valid.</summary>
    public string? PolicyError { get; private init; }

    public ReferenceVerdict? FromReference { get; private init; }

    public ReferenceVerdict? FromEngine { get; private init; }

    /// <summary>Gets the operators that the reference has evaluated.</summary>
    public IEnumerable<string> Used { get; private init; } = [];

    public bool IsSame => PolicyError is null && FromReference?.ToString() == FromEngine?.ToString();

    /// <summary>Generates cases over an alphabet.</summary>
    public static Gen<PolicyCase> Of(Alphabet alphabet) =>
        from policy in new PolicyGen(alphabet).Policies
        from call in new CallGen(alphabet).Calls
        select new PolicyCase(policy, call);

    /// <summary>Runs both evaluators and returns a case with their verdicts.</summary>
    public PolicyCase Run()
    {
        PolicyEngine engine;
        try
        {
            engine = PolicyEngine.Load(new() { Json = Policy });
        }
        catch (PolicyLoadException exception)
        {
            return this with { PolicyError = exception.Errors[0].Message };
        }

        using (engine)
        {
            var request = Request();
            var reference = new ReferencePolicy(Policy);
            var verdict = reference.Evaluate(request);
            return this with { FromReference = verdict, FromEngine = Project(engine.Evaluate(request), verdict), Used = reference.Used };
        }
    }

    /// <summary>Gets the valid cases that lack one part of this one.</summary>
    public IEnumerable<PolicyCase> Smaller() =>
        JsonShrinker.Smaller(Policy).Select(policy => new PolicyCase(policy, Call))
            .Concat(JsonShrinker.Smaller(Call).Select(call => new PolicyCase(Policy, call)))
            .Where(item => item.Run().PolicyError is null);

    public override string ToString()
    {
        var run = Run();
        return run.PolicyError is { } error
            ? $"\npolicy: {Policy}\nerror:  {error}\n"
            : $"\npolicy:    {run.Policy}\ncall:      {run.Call}\nreference: {run.FromReference}\nengine:    {run.FromEngine}\n";
    }

    // Only what the document determines: a reason of the engine's own, for example, is not compared.
    private static ReferenceVerdict Project(PolicyVerdict verdict, ReferenceVerdict reference)
    {
        var decision = verdict.Decision;
        var arguments = decision.ModifiedToolArgs ?? verdict.ModifiedArguments;
        return new(decision.Type, decision.DecisionReasonCode)
        {
            RuleIds = decision.MatchedRuleIds,
            NamesScope = decision.Evidence.MatchedControlIds.Contains("approved_scope"),
            Arguments = arguments is { } json ? ReferenceJson.Write(JsonNode.Parse(json.GetRawText())) : null,
            Details = reference.Details is not { } details ? null : new(
                details.Reason is null && decision.Reason!.Contains(reference.RuleIds[0], StringComparison.Ordinal) ? null : decision.Reason,
                decision.Evidence.RiskScore,
                details.TimeoutSeconds is null ? null : decision.StepUpTimeout?.TotalSeconds,
                decision.DeferTimeout?.TotalSeconds),
            Pack = (decision.Evidence.PackId, decision.Evidence.PackVersion),
            ModificationReason = reference.ModificationReason is null ? null : decision.ModificationReason,
        };
    }

    // Each key of the call may be missing or have another type, because the shrinker does not know the keys. `bytes` are the arguments
    // as they are sent, one character for each byte.
    private EnforcementRequest Request()
    {
        var call = JsonNode.Parse(Call, documentOptions: new() { MaxDepth = 1000 })!.AsObject();
        string? Text(string key) => ReferenceJson.IsString(call[key]) ? (string?)call[key] : null;
        // JSON cannot contain half of a surrogate pair, but a string in the process can: U+E000 stands for it.
        string? Context(string key) => Text(key)?.Replace('\uE000', '\uD83D');
        string[] Tools(string key) => call[key] is JsonArray tools ? [.. tools.Where(ReferenceJson.IsString).Select(tool => (string)tool!)] : [];

        return new()
        {
            ToolName = Text("tool") ?? "read",
            Action = Enum.TryParse<ToolAction>(Text("action"), out var action) ? action : ToolAction.Unspecified,
            Arguments = Text("bytes") is { } bytes ? Encoding.Latin1.GetBytes(bytes)
                : call["arguments"] is { } json ? Encoding.UTF8.GetBytes(ReferenceJson.Write(json)) : default,
            SessionToolCalls = [.. Tools("history"), Text("tool") ?? "read"],
            OccurredAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Context = new()
            {
                UserId = Context("user") ?? "",
                AgentId = Context("agent") ?? "",
                TenantId = Context("tenant") ?? "",
                Environment = Text("environment") ?? "prod",
                SessionIntent = Context("session_intent"),
                Purpose = Context("purpose"),
                DataClassification = Context("data_classification"),
                ApprovedScope = Tools("approved_scope"),
                Mode = Enum.TryParse<EnforcementMode>(Text("mode"), out var mode) ? mode : EnforcementMode.Block,
                SessionId = "session",
                EnforcementTraceId = "trace",
            },
        };
    }
}
