using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Matching;

public sealed class ValuePredicateTests
{
    // The predicate is true, false, or unknown. An unknown result never permits a call.
    private static readonly (bool Permits, bool Restricts) True = (true, true);
    private static readonly (bool Permits, bool Restricts) False = (false, false);
    private static readonly (bool Permits, bool Restricts) Unknown = (false, true);

    [TestCase("""{ "equals": "eu" }""", "\"eu\"", 1)]
    [TestCase("\"eu\"", "\"eu\"", 1)]
    [TestCase("\"eu\"", "\"\\u0065u\"", 1)]
    [TestCase("\"eu\"", "\"EU\"", 0)]
    [TestCase("\"eu\"", "5", -1)]
    [TestCase("\"eu\"", "[\"eu\"]", -1)]
    [TestCase("\"eu\"", "null", 0)]
    [TestCase("5", "5.0", 1)]
    [TestCase("5", "50e-1", 1)]
    [TestCase("5", "6", 0)]
    [TestCase("5", "\"5\"", -1)]
    [TestCase("0.1", "0.1", 1)]
    [TestCase("true", "true", 1)]
    [TestCase("true", "false", 0)]
    [TestCase("true", "\"true\"", -1)]
    [TestCase("true", "1", -1)]
    [TestCase("""{ "in": ["eu", "us"] }""", "\"us\"", 1)]
    [TestCase("""["eu", "us"]""", "\"us\"", 1)]
    [TestCase("""["eu", "us"]""", "\"cn\"", 0)]
    [TestCase("""["eu", 5]""", "5", 1)]
    [TestCase("""["eu", 5]""", "6", 0)]
    [TestCase("""["eu", 5]""", "true", -1)]
    [TestCase("""{ "like": "*@example.com" }""", "\"a@example.com\"", 1)]
    [TestCase("""{ "like": ["*@example.org", "*@example.com"] }""", "\"a@example.com\"", 1)]
    [TestCase("""{ "like": "*@example.com" }""", "\"a@example.com.evil\"", 0)]
    [TestCase("""{ "like": "1*" }""", "10", -1)]
    [TestCase("""{ "matches": "^[A-Z]{2}-\\d+$" }""", "\"AB-12\"", 1)]
    [TestCase("""{ "matches": "^[A-Z]{2}-\\d+$" }""", "\"ab-12\"", 0)]
    [TestCase("""{ "matches": "(?i)secret" }""", "\"my SECRET\"", 1)]
    [TestCase("""{ "matches": "1" }""", "1", -1)]
    [TestCase("""{ "contains": "ssn" }""", "\"the ssn of\"", 1)]
    [TestCase("""{ "contains": "ssn" }""", "\"the SSN of\"", 0)]
    [TestCase("""{ "contains": "ssn" }""", "[\"name\", \"ssn\"]", 1)]
    [TestCase("""{ "contains": "ssn" }""", "[\"name\"]", 0)]
    [TestCase("""{ "contains": "ssn" }""", "[]", 0)]
    [TestCase("""{ "contains": "ssn" }""", "[\"name\", null]", 0)]
    [TestCase("""{ "contains": "ssn" }""", "[\"name\", 7]", -1)]
    [TestCase("""{ "contains": "ssn" }""", "{\"ssn\":1}", -1)]
    [TestCase("""{ "contains": 7 }""", "[1, 7]", 1)]
    [TestCase("""{ "contains": 7 }""", "\"7\"", -1)]
    [TestCase("""{ "greater": 500 }""", "500.01", 1)]
    [TestCase("""{ "greater": 500 }""", "500", 0)]
    [TestCase("""{ "greater": 500 }""", "\"1000\"", -1)]
    [TestCase("""{ "greater": 500 }""", "1e400", 1)]
    [TestCase("""{ "greater": 500 }""", "-1e400", 0)]
    [TestCase("""{ "greater": 500 }""", "[1000]", -1)]
    [TestCase("""{ "at_least": 500 }""", "500", 1)]
    [TestCase("""{ "at_least": 500 }""", "499.99", 0)]
    [TestCase("""{ "less": 0 }""", "-0.01", 1)]
    [TestCase("""{ "less": 0 }""", "0", 0)]
    [TestCase("""{ "at_most": 0 }""", "0", 1)]
    [TestCase("""{ "at_most": 0 }""", "1", 0)]
    [TestCase("""{ "at_least": 1, "at_most": 10 }""", "10", 1)]
    [TestCase("""{ "at_least": 1, "at_most": 10 }""", "11", 0)]
    [TestCase("""{ "at_least": 1, "at_most": 10 }""", "\"5\"", -1)]
    [TestCase("""{ "exists": true }""", "0", 1)]
    [TestCase("""{ "exists": true }""", "null", 0)]
    [TestCase("""{ "exists": false }""", "null", 1)]
    [TestCase("""{ "exists": false }""", "\"\"", 0)]
    [TestCase("""{ "not": "eu" }""", "\"us\"", 1)]
    [TestCase("""{ "not": "eu" }""", "\"eu\"", 0)]
    [TestCase("""{ "not": "eu" }""", "5", -1)]
    [TestCase("""{ "not": ["eu", "us"] }""", "\"cn\"", 1)]
    [TestCase("""{ "not": { "at_least": 1, "at_most": 10 } }""", "11", 1)]
    [TestCase("""{ "not": { "at_least": 1, "at_most": 10 } }""", "10", 0)]
    [TestCase("""{ "not": "eu" }""", "null", -1)]
    public void Evaluate_Operator_GivesTheResult(string predicate, string value, int expected) =>
        Assert.That(
            PolicyCalls.Evaluate($"\"args.x\": {predicate}", PolicyCalls.Call(arguments: $$"""{ "x": {{value}} }""")),
            Is.EqualTo(expected switch { 1 => True, 0 => False, _ => Unknown }));

    [TestCase("\"eu\"", 0)]
    [TestCase("""["eu"]""", 0)]
    [TestCase("""{ "like": "*" }""", 0)]
    [TestCase("""{ "contains": "a" }""", 0)]
    [TestCase("""{ "greater": -1 }""", 0)]
    [TestCase("""{ "less": 1 }""", 0)]
    [TestCase("""{ "exists": true }""", 0)]
    [TestCase("""{ "exists": false }""", 1)]
    [TestCase("""{ "not": "eu" }""", -1)]
    public void Evaluate_MissingValue_IsTrueOnlyForExistsFalse(string predicate, int expected)
    {
        var result = expected switch { 1 => True, 0 => False, _ => Unknown };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(PolicyCalls.Evaluate($"\"args.x\": {predicate}", PolicyCalls.Call(arguments: "{}")), Is.EqualTo(result));
            Assert.That(PolicyCalls.Evaluate($"\"args.x\": {predicate}", PolicyCalls.Call()), Is.EqualTo(result), "no arguments at all");
            Assert.That(
                PolicyCalls.Evaluate($"\"args.x.y\": {predicate}", PolicyCalls.Call(arguments: """{ "x": null }""")), Is.EqualTo(result));
        }
    }

    [Test]
    public void Evaluate_OtherType_CannotEvadeALimit()
    {
        var policy = PolicyCalls.Policy(
            """{ "id": "refunds", "tools": "refund", "decision": "allow" }""",
            """{ "id": "big", "tools": "refund", "when": { "args.amount": { "greater": 500 } }, "decision": "step_up" }""");

        Assert.That(
            PolicyCalls.Verdict(policy, PolicyCalls.Call("refund", """{ "amount": "1000" }""")), Is.EqualTo(DecisionType.StepUp));
    }
}
