using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Matching;

public sealed class ArgumentPathTests
{
    private static readonly (bool Permits, bool Restricts) True = (true, true);
    private static readonly (bool Permits, bool Restricts) False = (false, false);
    private static readonly (bool Permits, bool Restricts) Unknown = (false, true);

    [TestCase("args.a", """{ "a": 1 }""")]
    [TestCase("args.a.b", """{ "a": { "b": 1 } }""")]
    [TestCase("args.a[1]", """{ "a": [0, 1] }""")]
    [TestCase("args.a[1].b", """{ "a": [0, { "b": 1 }] }""")]
    [TestCase("args.a[0][1]", """{ "a": [[0, 1]] }""")]
    [TestCase("args['a']", """{ "a": 1 }""")]
    [TestCase("args['odd.name'].b", """{ "odd.name": { "b": 1 } }""")]
    [TestCase("args['it''s']", """{ "it's": 1 }""")]
    [TestCase("args.größe", """{ "größe": 1 }""")]
    public void Any_Path_SelectsTheValue(string path, string arguments) =>
        Assert.That(PolicyCalls.Evaluate($"\"{path}\": 1", PolicyCalls.Call(arguments: arguments)), Is.EqualTo(True));

    [TestCase("args.A", """{ "a": 1 }""", Description = "names are case-sensitive")]
    [TestCase("args.a[5]", """{ "a": [1] }""")]
    [TestCase("args.a.b", """{ "a": {} }""")]
    [TestCase("args.a.b", """{ "a": null }""")]
    public void Any_PathWithoutValue_IsMissing(string path, string arguments)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(PolicyCalls.Evaluate($"\"{path}\": 1", PolicyCalls.Call(arguments: arguments)), Is.EqualTo(False));
            Assert.That(
                PolicyCalls.Evaluate($$"""
                    "{{path}}": { "exists": false }
                    """, PolicyCalls.Call(arguments: arguments)), Is.EqualTo(True));
        }
    }

    [TestCase("args.a.b", """{ "a": "text" }""")]
    [TestCase("args.a.b", """{ "a": [1] }""")]
    [TestCase("args.a[0]", """{ "a": { "b": 1 } }""")]
    [TestCase("args.a[0]", """{ "a": "text" }""")]
    public void Any_PathThroughAnotherType_IsUnknown(string path, string arguments) =>
        Assert.That(PolicyCalls.Evaluate($"\"{path}\": 1", PolicyCalls.Call(arguments: arguments)), Is.EqualTo(Unknown));

    private const string Any = """{ "any": "in" }""";
    private const string All = """{ "all": "in" }""";
    private const string AnyNot = """{ "any": { "not": "in" } }""";
    private const string AllNot = """{ "all": { "not": "in" } }""";
    private const string AllAbsent = """{ "all": { "exists": false } }""";
    private const string Absent = """{ "any": { "exists": false } }""";

    [TestCase(Any, """["out", "in"]""", 1)]
    [TestCase(Any, """["out"]""", 0)]
    [TestCase(Any, "[]", 0)]
    [TestCase(Any, "null", 0)]
    [TestCase(Any, """["out", 5]""", -1)]
    [TestCase(Any, """[5, "in"]""", 1)]
    [TestCase(Any, "\"in\"", -1)]
    [TestCase(Any, """{ "first": "out", "second": "in" }""", 1)]
    [TestCase(All, """["in", "in"]""", 1)]
    [TestCase(All, """["in", "out"]""", 0)]
    [TestCase(All, """["in", null]""", 0)]
    [TestCase(All, """["in", 5]""", -1)]
    [TestCase(All, """["out", 5]""", 0)]
    [TestCase(All, "[]", 0)]
    [TestCase(All, "null", 0)]
    [TestCase(All, "\"in\"", -1)]
    [TestCase(All, """{ "first": "in" }""", 1)]
    [TestCase(AnyNot, """["in", "out"]""", 1)]
    [TestCase(AnyNot, """["in", "in"]""", 0)]
    [TestCase(AnyNot, "[]", 0)]
    [TestCase(AnyNot, "null", 0)]
    [TestCase(AnyNot, """["in", null]""", -1)]
    [TestCase(AnyNot, """["in", 5]""", -1)]
    [TestCase(AllNot, """["out", "far"]""", 1)]
    [TestCase(AllNot, """["out", "in"]""", 0)]
    [TestCase(AllNot, "[]", 0)]
    [TestCase(Absent, "[]", 0)]
    [TestCase(Absent, "{}", 0)]
    [TestCase(Absent, "null", 0)]
    [TestCase(Absent, """["in"]""", 0)]
    [TestCase(Absent, """["in", null]""", 1)]
    [TestCase(AllAbsent, "[]", 0)]
    [TestCase(AllAbsent, "null", 0)]
    [TestCase(AllAbsent, "[null]", 1)]
    public void AnyAndAll_Elements_AreQuantified(string predicate, string to, int expected) =>
        Assert.That(
            PolicyCalls.Evaluate($"\"args.to[*]\": {predicate}", PolicyCalls.Call(arguments: $$"""{ "to": {{to}} }""")),
            Is.EqualTo(expected switch { 1 => True, 0 => False, _ => Unknown }));

    [TestCase("args.to[*]", "{}", false)]
    [TestCase("args.to[*].domain", """{ "to": [] }""", false)]
    [TestCase("args.to[*].domain", """{ "to": [{}] }""", true)]
    [TestCase("args.to[*][*]", """{ "to": [[], null] }""", false)]
    [TestCase("args[*]", "{}", false)]
    public void Any_ExistsFalse_NeedsAnElement(string path, string arguments, bool expected) =>
        Assert.That(
            PolicyCalls.Evaluate($$"""
                "{{path}}": { "any": { "exists": false } }
                """, PolicyCalls.Call(arguments: arguments)),
            Is.EqualTo(expected ? True : False));

    [TestCase("""[{ "domain": "in" }]""", 0)]
    [TestCase("""[{ "domain": "in" }, { "domain": "out" }]""", 1)]
    [TestCase("""[{ "domain": "in" }, {}]""", -1)]
    [TestCase("""["a@out"]""", -1)]
    [TestCase("[]", 0)]
    public void Any_NotOnMembersOfElements_IsTrueForOneOther(string to, int expected) =>
        Assert.That(
            PolicyCalls.Evaluate("""
                "args.to[*].domain": { "any": { "not": ["in"] } }
                """, PolicyCalls.Call(arguments: $$"""{ "to": {{to}} }""")),
            Is.EqualTo(expected switch { 1 => True, 0 => False, _ => Unknown }));

    [TestCase("[[1, 2], [3]]", true)]
    [TestCase("[[1, 2], []]", false)]
    [TestCase("[[], []]", false)]
    public void Any_NestedArrays_EvaluatesEachElement(string arrays, bool expected) =>
        Assert.That(
            PolicyCalls.Evaluate("""
                "args.a[*][*]": { "any": 3 }
                """, PolicyCalls.Call(arguments: $$"""{ "a": {{arrays}} }""")).Permits,
            Is.EqualTo(expected));

    [Test]
    public void Any_RestrictingRuleWithoutQuantifier_MeansAnyElement()
    {
        var policy = PolicyCalls.Policy(
            """{ "id": "mail", "tools": "*", "decision": "allow" }""",
            """
            { "id": "outside", "tools": "send_email", "decision": "block",
              "when": { "args.to[*]": { "not": { "like": ["*@example.com", "*@example.org"] } } } }
            """);
        DecisionType Send(string to) =>
            PolicyCalls.Verdict(policy, PolicyCalls.Call("send_email", $$"""{ "to": {{to}} }"""));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Send("""["a@example.com", "b@example.org"]"""), Is.EqualTo(DecisionType.Allow));
            Assert.That(Send("""["a@example.com", "b@evil.com"]"""), Is.EqualTo(DecisionType.Block));
            Assert.That(Send("\"b@evil.com\""), Is.EqualTo(DecisionType.Block), "a string instead of an array");
            Assert.That(Send("""[{ "address": "b@evil.com" }]"""), Is.EqualTo(DecisionType.Block));
        }
    }
}
