using Thoth.Interception.LocalPolicy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Wire;

/// <summary>A server's own evaluation of a call that it received. The enforcer's tests send such calls over HTTP.</summary>
public sealed class RemoteCallTests
{
    private const string Policy = """
        { "tools_known": { "pay": [["to", "amount"]] },
          "rules": [
            { "id": "small", "tools": "pay", "when": { "args.amount": { "at_most": 100 } }, "decision": "allow" },
            { "id": "five", "tools": "pay", "when": { "history": { "count": { "tools": "pay*", "at_least": 5 } } }, "decision": "block" } ] }
        """;

    [TestCase("""{"args":["a",50]}""", DecisionType.Allow)]
    [TestCase("""{"args":["a",500]}""", DecisionType.Block)]
    [TestCase("""{"arg0":"a","arg1":50}""", DecisionType.Allow)]
    public void Evaluate_CallByPosition_IsNamedOnlyIfItCameOverHttp(string arguments, DecisionType expected)
    {
        using var engine = Load();
        var request = PolicyCalls.Call("pay", arguments);

        Assert.That(engine.Evaluate(new RemoteCall(request)).Decision.Type, Is.EqualTo(expected));
        Assert.That(engine.Evaluate(request).Decision.DecisionReasonCode, Is.EqualTo("no_matching_rule"), "in process a call is always named");
    }

    [TestCase("""{"arg0":"a","arg01":50}""")]
    [TestCase("""{"arg0":"a","arg2":50}""")]
    [TestCase("""{"arg0":"a","arg-1":50}""")]
    [TestCase("""{"arg0":"a","arg+1":50}""")]
    [TestCase("""{"arg0":"a","arg1 ":50}""")]
    [TestCase("""{"arg0":"a","arg":50}""")]
    [TestCase("""{"arg0":"a","arg99999999999":50}""")]
    [TestCase("""{"arg0":"a","Arg1":50}""")]
    [TestCase("""{"arg0":"a","arg１":50}""")]
    [TestCase("""{"args":["a",50],"x":1}""")]
    [TestCase("""{"kwargs":{"to":"a","amount":50}}""")]
    [TestCase("""{"to":"a","amt":50}""")]
    public void Evaluate_NamesThatAreNoParameters_NeverHelpTheCall(string arguments)
    {
        using var engine = Load("""
            { "tools_known": { "pay": [["to", "amount"]] },
              "rules": [
                { "id": "all", "tools": "pay", "decision": "allow" },
                { "id": "none", "tools": "pay", "when": { "args.to": { "exists": false } }, "decision": "allow" },
                { "id": "large", "tools": "pay", "when": { "args.amount": { "greater": 100 } }, "decision": "block" }] }
            """);
        var request = PolicyCalls.Call("pay", arguments);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(engine.Evaluate(new RemoteCall(request)).Decision.DecisionReasonCode, Is.EqualTo("large"));
            Assert.That(engine.Evaluate(new RemoteCall(request) { Sdk = CallingSdk.DotNet }).Decision.Type, Is.EqualTo(DecisionType.Allow));
        }
    }

    [TestCase("{}")]
    [TestCase("""{"amount":50}""")]
    public void Evaluate_SomeOfTheParameters_AreNames(string arguments)
    {
        using var engine = Load("""
            { "tools_known": { "pay": [["to", "amount"]] },
              "rules": [{ "id": "none", "tools": "pay", "when": { "args.to": { "exists": false } }, "decision": "allow" }] }
            """);

        Assert.That(engine.Evaluate(new RemoteCall(PolicyCalls.Call("pay", arguments))).Decision.Type, Is.EqualTo(DecisionType.Allow));
    }

    [TestCase(2)]
    [TestCase(12)]
    [TestCase(101)]
    public void Evaluate_AsManyNumbersAsParameters_ArePositions(int count)
    {
        var names = string.Join(",", Enumerable.Range(0, count).Select(i => $"\"p{i}\""));
        using var engine = Load($$"""
            { "tools_known": { "pay": [[{{names}}]] },
              "rules": [{ "id": "last", "tools": "pay", "when": { "args.p{{count - 1}}": {{count - 1}}, "args.p0": 0 }, "decision": "allow" }] }
            """);
        var arguments = "{" + string.Join(",", Enumerable.Range(0, count).Reverse().Select(i => $"\"arg{i}\":{i}")) + "}";

        Assert.That(engine.Evaluate(new RemoteCall(PolicyCalls.Call("pay", arguments))).Decision.Type, Is.EqualTo(DecisionType.Allow));
    }

    [Test]
    public void Evaluate_ArgumentByPositionAndByName_Throws()
    {
        using var engine = Load();
        var request = PolicyCalls.Call("pay", """{"args":["a",50],"kwargs":{"amount":1}}""");

        Assert.That(() => engine.Evaluate(new RemoteCall(request)), Throws.TypeOf<FormatException>());
        Assert.That(engine.RefusalOfRelease(new RemoteCall(request) { PermittedCalls = () => new Dictionary<string, long>() }), Is.Null);
    }

    [TestCase("{\"args\":[\"\\udc00\"]}")]
    [TestCase("{\"args\":[],\"kwargs\":{\"\\udc00\":1}}")]
    [TestCase("{\"args\":[1],\"args\":[2]}")]
    [TestCase("{\"args\":")]
    [TestCase("[1]")]
    public void Evaluate_ArgumentsThatCannotBeRead_AreBlocked(string arguments)
    {
        using var engine = Load();

        Assert.That(
            engine.Evaluate(new RemoteCall(PolicyCalls.Call("pay", arguments))).Decision.DecisionReasonCode,
            Is.EqualTo(LocalPolicyReasonCodes.ArgumentsUnreadable));
    }

    [TestCase(4, 0, 0, DecisionType.Allow)]
    [TestCase(5, 0, 0, DecisionType.Block)]
    [TestCase(0, 5, 0, DecisionType.Block)]
    [TestCase(4, 4, 0, DecisionType.Allow, Description = "the larger of the two, not their sum")]
    [TestCase(3, 1, 2, DecisionType.Block, Description = "each tool of the pattern adds up")]
    [TestCase(3, 4, 1, DecisionType.Block)]
    [TestCase(2, 2, 2, DecisionType.Allow)]
    public void Evaluate_Count_IsTheLargerOfPermittedAndNamedCalls(int permitted, int named, int others, DecisionType expected)
    {
        using var engine = Load();
        var request = PolicyCalls.Call("pay", """{"amount":1}""", earlier: [.. Enumerable.Repeat("pay", named)]);
        var call = new RemoteCall(request)
        {
            PermittedCalls = () => new Dictionary<string, long> { ["pay"] = permitted, ["pay_out"] = others, ["other"] = 100 },
        };

        Assert.That(engine.Evaluate(call).Decision.Type, Is.EqualTo(expected));
        Assert.That(engine.RefusalOfRelease(call)?.DecisionReasonCode, Is.EqualTo(expected == DecisionType.Block && named < 5 ? "five" : null));
    }

    [Test]
    public void Evaluate_RulesWithoutCounts_DoNotAskForPermittedCalls()
    {
        using var engine = PolicyEngine.Load(new LocalPolicyOptions { Json = """{ "rules": [{ "id": "a", "tools": "*", "decision": "allow" }] }""" });

        var verdict = engine.Evaluate(new RemoteCall(PolicyCalls.Call()) { PermittedCalls = () => throw new InvalidOperationException() });

        Assert.That(verdict.Decision.Type, Is.EqualTo(DecisionType.Allow));
    }

    [Test]
    public void Evaluate_RandomFormsAndPolicies_NeverPermitMoreThanTheNamedCall()
    {
        string[] conditions = ["{ \"at_most\": 1 }", "{ \"greater\": 1 }", "{ \"exists\": true }", "{ \"exists\": false }", "{ \"not\": { \"equals\": 2 } }"];
        string[] decisions = ["allow", "block", "step_up", "defer"];
        var random = new Random(16);
        for (var run = 0; run < 2_000; run++)
        {
            var rules = string.Join(",", Enumerable.Range(0, 4).Select(i => PolicyCalls.When(
                $"\"args.{"ab"[random.Next(2)]}\": {conditions[random.Next(5)]}", decisions[random.Next(4)], $"r{i}").Replace("*", "t", StringComparison.Ordinal)));
            using var known = Load($$"""{ "tools_known": { "t": [["a", "b"]] }, "rules": [{{rules}}] }""");
            using var unknown = Load($$"""{ "rules": [{{rules}}] }""");
            var (a, b) = (random.Next(4), random.Next(4));
            var named = known.Evaluate(PolicyCalls.Call("t", $$"""{"a":{{a}},"b":{{b}}}""")).Decision;
            foreach (var form in (string[])[$$"""{"args":[{{a}},{{b}}]}""", $$"""{"arg0":{{a}},"arg1":{{b}}}""", $$"""{"args":[{{a}}],"kwargs":{ "b":{{b}} } }"""])
            {
                var call = new RemoteCall(PolicyCalls.Call("t", form));
                Assert.That(known.Evaluate(call).Decision.MatchedRuleIds, Is.EqualTo(named.MatchedRuleIds), form);
                var verdict = unknown.Evaluate(call).Decision;
                Assert.That(verdict.Type, Is.Not.EqualTo(DecisionType.Allow), "each rule reads an argument: " + form);
            }
        }
    }

    private static PolicyEngine Load(string policy = Policy) => PolicyEngine.Load(new LocalPolicyOptions { Json = policy });
}
