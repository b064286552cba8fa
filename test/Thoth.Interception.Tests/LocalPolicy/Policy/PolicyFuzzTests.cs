using System.Text.Json;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Loading;
using Thoth.Interception.LocalPolicy.Matching;
using Thoth.Interception.LocalPolicy.Policy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Policy;

#pragma warning disable NUnit1027 // FsCheck supplies the arguments of the properties.
public sealed class PolicyFuzzTests
{
    private const string Limit = """
        { "id": "limit", "tools": "*", "when": { "args.amount": { "greater": 500 } }, "decision": "block" }
        """;

    private static readonly string[] Conditions =
    [
        "\"args.a\": 1",
        "\"args.a\": { \"not\": [\"in\", 1] }",
        "\"args.to[*]\": { \"any\": { \"not\": { \"like\": \"*@example.com\" } } }",
        "\"args.to[*].domain\": { \"all\": \"in\" }",
        "\"args['odd.name'][*]\": { \"any\": { \"contains\": \"ssn\" } }",
        "\"args.b\": { \"matches\": \"^i\" }",
        "\"args.a[0].b\": { \"exists\": false }",
        "\"args.amount\": { \"at_least\": 0, \"less\": 502 }",
        "\"args[*]\": { \"any\": true }",
    ];

    private static readonly CompiledPolicy Restricting = PolicyCalls.Policy(
        [.. Conditions.Select((when, i) => PolicyCalls.When(when, i % 2 == 0 ? "defer" : "step_up", $"r{i}")), Limit]);

    private static readonly CompiledPolicy Everything = PolicyCalls.Policy(
    [
        .. Conditions.Select((when, i) => PolicyCalls.When(when, i % 2 == 0 ? "allow" : "step_up", $"r{i}")),
        Limit,
        """
        { "id": "change", "tools": "*", "when": { "args.b": { "exists": true } }, "decision": "modify", "modify": {
          "remove": ["args.a.b", "args.to[*].domain"], "remove_values": { "args.to": "out" },
          "keep_values": { "args.a[*]": ["in"] }, "replace": { "args.b": "***" }, "set": { "args.x.y": [1, { "z": null }] } } }
        """,
    ]);

    private static readonly CompiledPolicy OnlyOne = PolicyCalls.Policy(PolicyCalls.When("\"args.a\": 1"));

    private static readonly CompiledPolicy Limited =
        PolicyCalls.Policy("""{ "id": "all", "tools": "*", "decision": "allow" }""", Limit);

    [FsCheck.NUnit.Property(MaxTest = 2_000, EndSize = 1_000_000)]
    public bool Decide_OnlyRestrictingRules_NeverPermits(int seed)
    {
        var verdict = PolicyCalls.Verdict(Restricting, Call(seed));
        return verdict is DecisionType.Block or DecisionType.Defer or DecisionType.StepUp;
    }

    [FsCheck.NUnit.Property(MaxTest = 2_000, EndSize = 1_000_000)]
    public bool Decide_AnyArguments_DecidesAndAppliesAllEdits(int seed)
    {
        var verdict = PolicyEvaluator.Decide(Everything, Call(seed));
        var decision = verdict.Decision;
        return decision.Type == DecisionType.Modify
            ? decision.ModifiedToolArgs is { ValueKind: JsonValueKind.Object } changed
                && changed.GetProperty("x").GetProperty("y").GetArrayLength() == 2
                && changed.GetProperty("b").GetString() == "***"
            : decision.ModifiedToolArgs is null;
    }

    [FsCheck.NUnit.Property(MaxTest = 2_000, EndSize = 1_000_000)]
    public bool Decide_OneAllowRule_PermitsOnlyItsCondition(int seed)
    {
        var call = Call(seed);
        var permitted = Parse(call) is { } arguments
            && arguments.TryGetProperty("a", out var a)
            && a.ValueKind == JsonValueKind.Number
            && a.GetDouble() == 1;
        return PolicyCalls.Verdict(OnlyOne, call) == (permitted ? DecisionType.Allow : DecisionType.Block);
    }

    [FsCheck.NUnit.Property(MaxTest = 2_000, EndSize = 1_000_000)]
    public bool Decide_OneLimit_PermitsOnlyValuesBelowIt(int seed)
    {
        var call = Call(seed);
        var below = call.Arguments.IsEmpty
            || (Parse(call) is { } arguments
                && (!arguments.TryGetProperty("amount", out var amount)
                    || amount.ValueKind == JsonValueKind.Null
                    || (amount.ValueKind == JsonValueKind.Number && amount.GetDouble() <= 500)));
        return PolicyCalls.Verdict(Limited, call) == (below ? DecisionType.Allow : DecisionType.Block);
    }

    [FsCheck.NUnit.Property(MaxTest = 2_000, EndSize = 1_000_000)]
    public bool Load_AnyText_LoadsOrThrowsPolicyLoadException(int seed)
    {
        try
        {
            PolicyLoader.Load("fuzz.json", new RandomJson(seed).Arguments());
            return true;
        }
        catch (PolicyLoadException e)
        {
            return e.Line > 0 && e.Column > 0;
        }
    }

    [Test]
    public void Load_AnyByteChanged_LoadsOrThrowsPolicyLoadException()
    {
        byte[] policy =
        [
            .. """{"rules":[{"id":"r","tools":["*"],"when":{"args.to[*]":{"any":{"matches":"^a"}},"history":{"count":{"tools":"a","at_most":2}}},"decision":"modify","risk_score":1.5,"modify":{"set":{"args.x":[1]}}}]}"""u8,
        ];
        for (var i = 0; i < policy.Length; i++)
        {
            foreach (var other in "\0\"\\{}[],:*x9'\xFF"u8)
            {
                var changed = (byte[])policy.Clone();
                changed[i] = other;
                try
                {
                    PolicyLoader.Load("fuzz.json", changed);
                }
                catch (PolicyLoadException)
                {
                    // The only exception that a text may throw.
                }
            }
        }
    }

    private static EnforcementRequest Call(int seed)
    {
        var template = PolicyCalls.Call();
        return new()
        {
            Context = template.Context,
            ToolName = template.ToolName,
            Arguments = new RandomJson(seed).Arguments(),
            SessionToolCalls = template.SessionToolCalls,
            OccurredAt = template.OccurredAt,
        };
    }

    /// <summary>Reads each name and string, which throws if one is not valid Unicode.</summary>
    private static void ReadTexts(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    ReadTexts(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadTexts(item);
                }

                break;
            case JsonValueKind.String:
                _ = element.GetString();
                break;
        }
    }

    private static JsonElement? Parse(EnforcementRequest call)
    {
        try
        {
            var arguments = JsonElement.Parse(call.Arguments.Span, EvaluatedCall.ParseOptions);
            ReadTexts(arguments);
            return arguments.ValueKind == JsonValueKind.Object ? arguments : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
