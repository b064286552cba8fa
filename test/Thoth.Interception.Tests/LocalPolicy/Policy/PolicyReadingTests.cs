using System.Text.Json;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Policy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Policy;

/// <summary>Checks the sentences of docs/policy.md that a reader could understand in two ways.</summary>
public sealed class PolicyReadingTests
{
    private const string Allow = """{ "id": "allow", "tools": "*", "decision": "allow" }""";
    private const string StepUp = """{ "id": "ask", "tools": "*", "decision": "step_up", "code": "ask_code", "reason": "Ask.", "timeout_seconds": 60 }""";
    private const string Set = """{ "id": "set", "tools": "*", "decision": "modify", "modify": { "set": { "args.x": 1 } }, "reason": "Set." }""";
    private const string SetElement = """{ "id": "set-element", "tools": "*", "decision": "modify", "modify": { "set": { "args.l[0]": 1 } } }""";
    private const string UnknownModify =
        """{ "id": "unknown", "tools": "*", "when": { "args.n": { "greater": 1 } }, "decision": "modify", "modify": { "remove": "args.z" } }""";

    [Test]
    public void RestrictingRule_WinsOverAChangeThatCannotBeEvaluatedOrApplied([Values("block", "defer")] string decision)
    {
        var rule = $$"""{ "id": "stop", "tools": "*", "decision": "{{decision}}" }""";

        AssertDecision(Decide("""{"n":"1"}""", UnknownModify, SetElement, rule), decision == "block" ? DecisionType.Block : DecisionType.Defer, "stop", "stop");
    }

    [Test]
    public void ChangeThatCannotBeEvaluated_BlocksBesideAStepUp() =>
        AssertDecision(Decide("""{"n":"1"}""", StepUp, UnknownModify, Allow), DecisionType.Block, "condition_not_evaluable", "unknown");

    [Test]
    public void ChangeThatCannotBeEvaluated_BlocksWithoutAnyOtherRule() =>
        AssertDecision(Decide("""{"n":"1"}""", UnknownModify), DecisionType.Block, "condition_not_evaluable", "unknown");

    [Test]
    public void ChangeThatCannotBeEvaluated_IsTheFirstInFileOrder() => AssertDecision(
        Decide("""{"n":"1"}""", Set, UnknownModify, UnknownModify.Replace("\"unknown\"", "\"later\"")),
        DecisionType.Block, "condition_not_evaluable", "unknown");

    [Test]
    public void StepUpWithModify_NamesAllRules_AndCarriesTheChangedArguments()
    {
        var verdict = PolicyEvaluator.Decide(
            PolicyCalls.Policy(Set, Allow, StepUp, Set.Replace("\"set\",", "\"second\",").Replace("args.x", "args.y").Replace("Set.", "Second.")),
            PolicyCalls.Call(arguments: """{"a":1}"""));

        AssertDecision(verdict.Decision, DecisionType.StepUp, "ask_code", "ask", "set", "second");
        Assert.That(verdict.ModifiedArguments?.GetRawText(), Is.EqualTo("""{"a":1,"x":1,"y":1}"""));
        Assert.That(
            (verdict.Decision.Reason, verdict.Decision.ModificationReason, verdict.Decision.ModifiedToolArgs),
            Is.EqualTo(("Ask.", "Set.", (JsonElement?)null)));
    }

    [Test]
    public void StepUpWithModifyThatDoesNotFit_BlocksBeforeAnApproval() =>
        AssertDecision(Decide("{}", StepUp, SetElement), DecisionType.Block, "modify_not_applicable", "ask", "set-element");

    [Test]
    public void ModifyWithoutEffect_IsStillAModify()
    {
        var decision = Decide("""{"a":1}""", """{ "id": "r", "tools": "*", "decision": "modify", "modify": { "remove": "args.z" } }""");

        AssertDecision(decision, DecisionType.Modify, "r", "r");
        Assert.That(decision.ModifiedToolArgs?.GetRawText(), Is.EqualTo("""{"a":1}"""));
    }

    [TestCase("""{ "remove": ["args.l[0]", "args.l[0]"] }""", """{"l":[1,2,3]}""", """{"l":[3]}""")]
    [TestCase("""{ "remove": ["args.l[0]", "args.l[1]"] }""", """{"l":[1,2,3]}""", """{"l":[2]}""")]
    [TestCase("""{ "remove": ["args.a", "args.a.b"] }""", """{"a":{"b":1},"c":2}""", """{"c":2}""")]
    [TestCase("""{ "set": { "args.a": {}, "args.a.b": 1 } }""", """{"a":5}""", """{"a":{"b":1}}""")]
    [TestCase("""{ "set": { "args.l": [0, 0], "args.l[1]": 1 } }""", "{}", """{"l":[0,1]}""")]
    [TestCase("""{ "set": { "args.l": ["a", "b"] }, "remove_values": { "args.l": "a" } }""", """{"l":["a","c"]}""", """{"l":["a","b"]}""")]
    [TestCase("""{ "replace": { "args.l": "x" }, "keep_values": { "args.l": "a" } }""", """{"l":["a","c"]}""", """{"l":"x"}""")]
    public void Edits_OfOneRule_AreAppliedOneAfterAnother(string modify, string arguments, string expected) => Assert.That(
        Decide(arguments, $$"""{ "id": "r", "tools": "*", "decision": "modify", "modify": {{modify}} }""").ModifiedToolArgs?.GetRawText(),
        Is.EqualTo(expected));

    [TestCase("remove_values", "[\"a\",1]", """["a",1,2,"b",null]""", """[2,"b",null]""")]
    [TestCase("remove_values", "[\"a\",1]", "[true]", null)]
    [TestCase("remove_values", "[\"a\"]", "[1]", null)]
    [TestCase("remove_values", "[\"a\"]", "[[\"a\"]]", null)]
    [TestCase("remove_values", "[\"a\"]", "[{}]", null)]
    [TestCase("keep_values", "[\"a\",1]", """["a",1,2,"b",null,true,[],{}]""", """["a",1]""")]
    [TestCase("keep_values", "[\"a\"]", "[1]", "[]")]
    public void Filter_ElementsOfEachType_AreFilteredAsTheDocumentStates(string edit, string values, string list, string? expected)
    {
        var decision = Decide(
            $$"""{"l":{{list}}}""", $$"""{ "id": "r", "tools": "*", "decision": "modify", "modify": { "{{edit}}": { "args.l": {{values}} } } }""");

        Assert.That(decision.ModifiedToolArgs?.GetProperty("l").GetRawText(), Is.EqualTo(expected));
        Assert.That(decision.Type, Is.EqualTo(expected is null ? DecisionType.Block : DecisionType.Modify));
    }

    [Test]
    public void Edit_ThatNestsDeeperThan64Levels_DoesNotFit()
    {
        var deep = new string('[', 59) + new string(']', 59);
        string Rule(string path) => $$$"""{ "id": "r", "tools": "*", "decision": "modify", "modify": { "set": { "{{{path}}}": {{{deep}}} } } }""";

        AssertDecision(Decide("{}", Rule("args.a.b.c.d.e")), DecisionType.Modify, "r", "r");
        AssertDecision(Decide("{}", Rule("args.a.b.c.d.e.f")), DecisionType.Block, "modify_not_applicable", "r");
    }

    // Each operator with a value of each type: 1 true, 0 false, ? unknown. The columns are those of the document.
    [TestCase("""{ "equals": "a" }""", "0", "1", "?", "?", "?", "?")]
    [TestCase("""{ "equals": 1 }""", "0", "?", "1", "?", "?", "?")]
    [TestCase("""{ "equals": true }""", "0", "?", "?", "1", "?", "?")]
    [TestCase("""{ "in": ["a", 1] }""", "0", "1", "1", "?", "?", "?")]
    [TestCase("""{ "in": ["b", 2, false] }""", "0", "0", "0", "0", "?", "?")]
    [TestCase("""{ "like": "a" }""", "0", "1", "?", "?", "?", "?")]
    [TestCase("""{ "matches": "a" }""", "0", "1", "?", "?", "?", "?")]
    [TestCase("""{ "contains": "a" }""", "0", "1", "?", "?", "1", "?")]
    [TestCase("""{ "contains": 1 }""", "0", "?", "?", "?", "?", "?")]
    [TestCase("""{ "greater": 0 }""", "0", "?", "1", "?", "?", "?")]
    [TestCase("""{ "at_least": 2 }""", "0", "?", "0", "?", "?", "?")]
    [TestCase("""{ "less": 2 }""", "0", "?", "1", "?", "?", "?")]
    [TestCase("""{ "at_most": 0 }""", "0", "?", "0", "?", "?", "?")]
    [TestCase("""{ "exists": true }""", "0", "1", "1", "1", "1", "1")]
    [TestCase("""{ "exists": false }""", "1", "0", "0", "0", "0", "0")]
    [TestCase("""{ "not": "a" }""", "?", "0", "?", "?", "?", "?")]
    [TestCase("""{ "not": { "like": "b" } }""", "?", "1", "?", "?", "?", "?")]
    [TestCase("""{ "not": { "contains": "b" } }""", "?", "1", "?", "?", "1", "?")]
    [TestCase("""{ "not": { "like": "a", "contains": "b" } }""", "?", "1", "?", "?", "1", "?", Description = "one false operator is enough")]
    [TestCase("""{ "not": { "like": "a", "contains": "a" } }""", "?", "0", "?", "?", "?", "?")]
    [TestCase("""{ "contains": "a", "not": { "like": "b" } }""", "0", "1", "?", "?", "?", "?")]
    public void Operator_WithAValueOfEachType_IsTrueFalseOrUnknown(string predicate, params string[] expected)
    {
        string[][] values = [["", """{"x":null}"""], ["\"a\""], ["1"], ["true"], ["[\"a\"]"], ["{\"a\":1}"]];
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < values.Length; i++)
            {
                foreach (var value in values[i])
                {
                    var arguments = i == 0 ? (value.Length == 0 ? "{}" : value) : $$"""{"x":{{value}}}""";
                    var actual = PolicyCalls.Evaluate($"\"args.x\": {predicate}", PolicyCalls.Call(arguments: arguments)) switch
                    {
                        (true, true) => "1",
                        (false, false) => "0",
                        _ => "?",
                    };
                    Assert.That(actual, Is.EqualTo(expected[i]), arguments);
                }
            }
        }
    }

    [TestCase("args.a.b", """{"a":5}""")]
    [TestCase("args.a[0]", """{"a":{}}""")]
    public void PathThroughAnotherType_IsUnknownForExistsAndNot(string path, string arguments)
    {
        foreach (var predicate in (string[])["""{ "exists": true }""", """{ "exists": false }""", """{ "not": 1 }"""])
        {
            Assert.That(
                PolicyCalls.Evaluate($"\"{path}\": {predicate}", PolicyCalls.Call(arguments: arguments)), Is.EqualTo((false, true)), predicate);
        }
    }

    [TestCase("""{"a":"\ud800"}""")]
    [TestCase("""{"a":"\udc00"}""")]
    [TestCase("""{"a":"\ud800\u0041"}""")]
    [TestCase("""{"\ud800":1}""")]
    [TestCase("""{"b":{"c":["\ud800"]}}""")]
    [TestCase("""{"x":1,"x":1}""")]
    [TestCase("""{"x":1,"\u0078":1}""")]
    [TestCase("""{"b":{"x":1,"\u0078":1}}""")]
    [TestCase("""{"x":1,}""")]
    [TestCase("""{"x":1} 2""")]
    [TestCase("""{"x":1/**/}""")]
    [TestCase("\ufeff{\"x\":1}")]
    [TestCase("null")]
    public void UnreadableArguments_BlockWhateverPathIsRead(string arguments)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var path in (string[])["args.x", "args.y.z", "args.b.c[*]"])
            {
                AssertDecision(
                    Decide(arguments, Allow, PolicyCalls.When($$"""
                        "{{path}}": "never"
                        """, "block")),
                    DecisionType.Block,
                    "arguments_unreadable");
            }

            AssertDecision(Decide(arguments, Set), DecisionType.Block, "arguments_unreadable");
        }
    }

    [TestCase("""{"a":"\ud83d\ude00\\ud800\\","x":1}""")]
    [TestCase("""{"a":"\\\ud83d\ude00","x":1}""")]
    [TestCase("""{"a":"\"\u00e9","x":1}""")]
    public void ArgumentsWithEscapes_AreReadable(string arguments) =>
        AssertDecision(Decide(arguments, PolicyCalls.When("\"args.x\": 1")), DecisionType.Allow, "rule", "rule");

    [Test]
    public void UnreadableArguments_AreNotReadAfterAnEarlierFalseCondition()
    {
        AssertDecision(
            Decide("[1]", PolicyCalls.When("\"args.x\": 1, \"history\": { \"contains\": \"y\" }", "block"), Allow), DecisionType.Allow, "allow", "allow");
        AssertDecision(
            Decide("[1]", PolicyCalls.When("\"args.x\": 1, \"user\": \"bob\"", "block"), Allow), DecisionType.Allow, "allow", "allow");
        AssertDecision(
            Decide("[1]", PolicyCalls.When("\"args.x\": 1, \"user\": \"alice\"", "block"), Allow), DecisionType.Block, "arguments_unreadable");
        AssertDecision(
            Decide("[1]", PolicyCalls.When("\"args.x\": 1", "defer"), """{ "id": "stop", "tools": "*", "decision": "block" }"""),
            DecisionType.Block, "stop", "stop");
    }

    [TestCase(EnforcementMode.StepUp, 0)]
    [TestCase(EnforcementMode.Progressive, 2)]
    public void ScopeHold_KeepsTheRulesIds_AndTakesItsOwnCode(EnforcementMode mode, int outside)
    {
        var call = PolicyCalls.Call(
            arguments: "{}", scope: ["other"], mode: mode, earlier: [.. Enumerable.Repeat("tool", outside), "other", "other"]);

        var allowed = PolicyEvaluator.Decide(PolicyCalls.Policy(Allow), call).Decision;
        var changed = PolicyEvaluator.Decide(PolicyCalls.Policy(Set, Allow), call);
        var asked = PolicyEvaluator.Decide(PolicyCalls.Policy(StepUp, Allow), call).Decision;
        var blocked = PolicyEvaluator.Decide(PolicyCalls.Policy("""{ "id": "stop", "tools": "*", "decision": "block" }"""), call).Decision;
        var unmatched = PolicyEvaluator.Decide(PolicyCalls.Policy(), call).Decision;
        var unfit = PolicyEvaluator.Decide(PolicyCalls.Policy(SetElement), call).Decision;

        using (Assert.EnterMultipleScope())
        {
            AssertDecision(allowed, DecisionType.StepUp, "outside_approved_scope", "allow");
            AssertDecision(changed.Decision, DecisionType.StepUp, "outside_approved_scope", "set");
            Assert.That(changed.ModifiedArguments?.GetRawText(), Is.EqualTo("""{"x":1}"""));
            AssertDecision(asked, DecisionType.StepUp, "ask_code", "ask");
            Assert.That(asked.StepUpTimeout, Is.EqualTo(TimeSpan.FromSeconds(60)));
            foreach (var held in (EnforcementDecision[])[allowed, changed.Decision, asked])
            {
                Assert.That(held.Evidence.MatchedControlIds, Is.EqualTo((string[])["approved_scope"]));
            }

            AssertDecision(blocked, DecisionType.Block, "stop", "stop");
            AssertDecision(unmatched, DecisionType.Block, "no_matching_rule");
            AssertDecision(unfit, DecisionType.Block, "modify_not_applicable", "set-element");
            foreach (var refused in (EnforcementDecision[])[blocked, unmatched, unfit])
            {
                Assert.That(refused.Evidence.MatchedControlIds, Is.Null.Or.Empty);
            }
        }
    }

    [Test]
    public void ScopeBlock_HasNoRule([Values(EnforcementMode.Block, EnforcementMode.Progressive)] EnforcementMode mode)
    {
        var decision = PolicyCalls.Decide(
            PolicyCalls.Policy(Allow), PolicyCalls.Call(scope: ["other"], mode: mode, earlier: ["tool", "tool", "x"]));

        AssertDecision(decision, DecisionType.Block, "outside_approved_scope");
        Assert.That(decision.Evidence.MatchedControlIds, Is.EqualTo((string[])["approved_scope"]));
    }

    [TestCase("{}", DecisionType.Allow)]
    [TestCase("[1]", DecisionType.Block)]
    public void ScopeInObserveMode_IsNamedByEachDecision(string arguments, DecisionType expected)
    {
        var policy = PolicyCalls.Policy(Allow, PolicyCalls.When("\"args.x\": 1", "defer"));

        var decision = PolicyCalls.Decide(policy, PolicyCalls.Call(arguments: arguments, scope: ["other"], mode: EnforcementMode.Observe));

        Assert.That(decision.Type, Is.EqualTo(expected));
        Assert.That(decision.Evidence.MatchedControlIds, Is.EqualTo((string[])["approved_scope"]));
    }

    private static EnforcementDecision Decide(string arguments, params string[] rules) =>
        PolicyCalls.Decide(PolicyCalls.Policy(rules), PolicyCalls.Call(arguments: arguments));

    private static void AssertDecision(EnforcementDecision decision, DecisionType type, string code, params string[] rules) =>
        Assert.That(
            (decision.Type, decision.DecisionReasonCode, string.Join(',', decision.MatchedRuleIds)), Is.EqualTo((type, code, string.Join(',', rules))));
}
