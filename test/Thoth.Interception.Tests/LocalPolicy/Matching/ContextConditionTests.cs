using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Matching;

public sealed class ContextConditionTests
{
    private static readonly EnforcementRequest Request = PolicyCalls.Call(
        user: "alice@example.com", environment: "staging", intent: "close books", purpose: "billing", classification: "internal");

    [TestCase("user", "alice@example.com")]
    [TestCase("agent", "agent-1")]
    [TestCase("tenant", "acme")]
    [TestCase("environment", "staging")]
    [TestCase("session_intent", "close books")]
    [TestCase("purpose", "billing")]
    [TestCase("data_classification", "internal")]
    public void Evaluate_Attribute_UsesItsValue(string attribute, string value)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(PolicyCalls.Evaluate($"\"{attribute}\": \"{value}\"", Request), Is.EqualTo((true, true)));
            Assert.That(PolicyCalls.Evaluate($"\"{attribute}\": \"other\"", Request), Is.EqualTo((false, false)));
            Assert.That(PolicyCalls.Evaluate($$"""
                "{{attribute}}": { "not": "{{value}}" }
                """, Request), Is.EqualTo((false, false)));
        }
    }

    [TestCase("""{ "like": "*@example.com" }""", true)]
    [TestCase("""{ "matches": "^bob" }""", false)]
    [TestCase("""{ "contains": "@" }""", true)]
    [TestCase("""["bob", "alice@example.com"]""", true)]
    [TestCase("""{ "exists": true }""", true)]
    public void Evaluate_StringOperator_Applies(string predicate, bool expected) =>
        Assert.That(PolicyCalls.Evaluate($"\"user\": {predicate}", Request).Permits, Is.EqualTo(expected));

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    public void Evaluate_BlankAttribute_IsMissing(string? purpose)
    {
        var request = PolicyCalls.Call(purpose: purpose);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(PolicyCalls.Evaluate("""
                "purpose": { "like": "*" }
                """, request), Is.EqualTo((false, false)));
            Assert.That(PolicyCalls.Evaluate("""
                "purpose": { "exists": false }
                """, request), Is.EqualTo((true, true)));
            Assert.That(PolicyCalls.Evaluate("""
                "purpose": { "not": "marketing" }
                """, request), Is.EqualTo((false, true)), "an unknown result restricts");
        }
    }

    [Test]
    public void Evaluate_SeveralConditions_AllMustBeTrue()
    {
        const string When = """
            "user": "alice@example.com", "environment": "staging", "args.x": 1
            """;
        var request = PolicyCalls.Call(user: "alice@example.com", environment: "staging", arguments: """{ "x": 1 }""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(PolicyCalls.Evaluate(When, request).Permits, Is.True);
            Assert.That(PolicyCalls.Evaluate(When, Request).Permits, Is.False);
        }
    }
}
