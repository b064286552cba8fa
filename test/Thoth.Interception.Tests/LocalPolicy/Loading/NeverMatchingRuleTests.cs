using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Loading;

/// <summary>Checks that a rule whose conditions can never or always be true is an error, and that its neighbours are not.</summary>
public sealed class NeverMatchingRuleTests
{
    private const string NoValue = "No value satisfies all of these operators, so the condition is never true. Correct one of them.";

    [TestCase("\"environment\": \"PROD\"", "environment", "The environment is in lower case, so 'PROD' never matches. Write 'prod'.")]
    [TestCase("\"environment\": [\"dev\", \"Prod\"]", "environment[1]", "The environment is in lower case, so 'Prod' never matches. Write 'prod'.")]
    [TestCase("\"environment\": { \"not\": \"PROD\" }", "environment.not", "The environment is in lower case, so 'PROD' never matches. Write 'prod'.")]
    [TestCase("\"environment\": { \"equals\": \"PROD\" }", "environment.equals", "The environment is in lower case")]
    [TestCase("\"environment\": { \"in\": [\"PROD\"] }", "environment.in[0]", "The environment is in lower case")]
    [TestCase("\"environment\": { \"like\": \"Prod*\" }", "environment.like", "The environment is in lower case, so 'Prod*' never matches. Write 'prod*'.")]
    [TestCase("\"environment\": { \"like\": [\"dev\", \"P?\"] }", "environment.like[1]", "The environment is in lower case")]
    [TestCase("\"environment\": { \"contains\": \"ROD\" }", "environment.contains", "The environment is in lower case")]
    [TestCase("\"environment\": { \"not\": { \"like\": \"PROD\" } }", "environment.not.like", "The environment is in lower case")]
    [TestCase("\"environment\": \"ÜBUNG\"", "environment", "The environment is in lower case")]
    [TestCase("\"environment\": \"prod \"", "environment", "The environment has no blanks at its ends, so 'prod ' never matches. Remove them.")]
    [TestCase("\"user\": 5", "user", "This is a number, but 'user' is always a string. Write a string.")]
    [TestCase("\"user\": true", "user", "This is true or false, but 'user' is always a string. Write a string.")]
    [TestCase("\"user\": [\"a\", 5]", "user[1]", "This is a number, but 'user' is always a string. Write a string.")]
    [TestCase("\"user\": { \"not\": 5 }", "user.not", "This is a number, but 'user' is always a string.")]
    [TestCase("\"tenant\": { \"equals\": 5 }", "tenant.equals", "This is a number, but 'tenant' is always a string.")]
    [TestCase("\"agent\": { \"in\": [5] }", "agent.in[0]", "This is a number, but 'agent' is always a string.")]
    [TestCase("\"purpose\": { \"contains\": 5 }", "purpose.contains", "This is a number, but 'purpose' is always a string.")]
    [TestCase("\"user\": \"\"", "user", "A blank 'user' counts as missing. Write {\"exists\": false} as the condition.")]
    [TestCase("\"purpose\": [\"a\", \" \"]", "purpose[1]", "A blank 'purpose' counts as missing.")]
    [TestCase("\"user\": null", "user", "null counts as missing. Write {\"exists\": false} as the condition.")]
    [TestCase("\"args.a\": { \"greater\": 5, \"less\": 2 }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"greater\": 5, \"less\": 5 }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"greater\": 5, \"at_most\": 5 }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"at_least\": 5, \"less\": 5 }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"at_least\": 5.00000000000000000000000000000000001, \"at_most\": 5 }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"at_least\": 1e999999999, \"at_most\": 1e999999998 }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"not\": { \"greater\": 5, \"less\": 2 } }", "args.a.not", NoValue)]
    [TestCase("\"args.a\": { \"greater\": 5, \"not\": { \"at_least\": 5 } }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"at_least\": 2, \"less\": 3, \"not\": { \"greater\": 1, \"less\": 5 } }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"equals\": 5, \"greater\": 5 }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"equals\": 5, \"not\": 5.0 }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"in\": [1, 2], \"at_least\": 3 }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"in\": [\"a\", \"b\"], \"equals\": \"c\" }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"in\": [\"a\", \"b\"], \"not\": [\"b\", \"a\"] }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"equals\": \"abc\", \"like\": \"b*\" }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"equals\": \"abc\", \"matches\": \"^b\" }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"equals\": \"abc\", \"contains\": \"d\" }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"equals\": \"abc\", \"greater\": 5 }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"like\": \"b*\", \"greater\": 5 }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"contains\": 5, \"matches\": \"x\" }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"contains\": \"x\", \"less\": 5 }", "args.a", NoValue)]
    [TestCase("\"args.a\": { \"not\": { \"equals\": \"abc\" }, \"greater\": 5 }", "args.a", NoValue)]
    [TestCase("\"args.a[*]\": { \"any\": { \"greater\": 5, \"less\": 2 } }", "args.a[*].any", NoValue)]
    [TestCase("\"user\": { \"equals\": \"bob\", \"not\": [\"bob\"] }", "user", NoValue)]
    [TestCase("\"args.a\": 1, \"args['a']\": 2", "args['a']", "This is the path 'args.a' in another spelling. Write one condition for both.")]
    [TestCase("\"args.a['b'].c\": 1, \"args['a'].b['c']\": 2", "args['a'].b['c']", "This is the path 'args.a['b'].c' in another spelling.")]
    [TestCase("\"args.a[0]\": 1, \"args.a[00]\": 2", "args.a[00]", "This is the path 'args.a[0]' in another spelling.")]
    [TestCase("\"args.a[*]\": { \"any\": 1 }, \"args['a'][*]\": { \"all\": 2 }", "args['a'][*]", "This is the path 'args.a[*]' in another spelling.")]
    [TestCase("\"args.a\\u0000\": 1", "args.a\0", "The path contains a control character. Remove it.")]
    [TestCase("\"args['a\\u0000b']\": 1", "args['a\0b']", "The path contains a control character")]
    [TestCase("\"args.a\\n\": 1", "args.a\n", "The path contains a control character")]
    [TestCase("\"args.a\": [\"eu\", \"eu\"]", "args.a[1]", "'eu' is in the list already. Remove one.")]
    [TestCase("\"args.a\": { \"in\": [1, 2, 1.0] }", "args.a.in[2]", "'1.0' is in the list already. Remove one.")]
    [TestCase("\"args.a\": { \"like\": [\"a*\", \"b*\", \"a*\"] }", "args.a.like[2]", "'a*' is in the list already. Remove one.")]
    [TestCase("\"history\": { \"contains\": [\"a\", \"a\"] }", "history.contains[1]", "'a' is in the list already. Remove one.")]
    [TestCase("\"history\": { \"contains\": [\"a\", \"b*\"], \"not\": { \"contains\": [\"b*\", \"a\"] } }", "history", "The history never contains a tool that it does not contain. Correct 'contains' or 'not'.")]
    [TestCase("\"history\": { \"contains\": \"a\", \"not\": { \"contains\": \"*\" } }", "history", "The history never contains a tool that it does not contain.")]
    public void Load_ConditionThatIsNeverOrAlwaysTrue_ReportsPlaceAndKey(string condition, string key, string message)
    {
        var error = PolicyCalls.LoadError(PolicyCalls.When(condition, "block"), wrap: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error.Key, Is.EqualTo($"rules[0].when.{key}"), error.Message);
            Assert.That(error.Errors[0].Message, Does.StartWith(message));
            Assert.That(error.Errors, Has.Count.EqualTo(1), error.Message);
            Assert.That(error.Line, Is.GreaterThan(0));
        }
    }

    [TestCase("\"environment\": { \"like\": \"prod-?*\" }")]
    [TestCase("\"environment\": { \"matches\": \"(?i)PROD\" }")]
    [TestCase("\"environment\": \"übung\"")]
    [TestCase("\"user\": \"5\"")]
    [TestCase("\"user\": [\"Alice\", \"alice\"]")]
    [TestCase("\"args.a\": { \"at_least\": 5, \"at_most\": 5 }")]
    [TestCase("\"args.a\": { \"greater\": 5, \"less\": 5.00000000000000000000000000000000001 }")]
    [TestCase("\"args.a\": { \"greater\": 5, \"at_least\": 5 }")]
    [TestCase("\"args.a\": { \"greater\": 5, \"not\": { \"greater\": 5.5 } }")]
    [TestCase("\"args.a\": { \"at_least\": 1, \"not\": 1 }")]
    [TestCase("\"args.a\": { \"in\": [1, 2, 3], \"greater\": 2 }")]
    [TestCase("\"args.a\": { \"in\": [\"a\", 5], \"greater\": 2 }")]
    [TestCase("\"args.a\": { \"contains\": \"x\", \"like\": \"*y\" }")]
    [TestCase("\"args.a\": { \"contains\": \"x\", \"not\": { \"contains\": \"y\" } }")]
    [TestCase("\"args.a\": { \"like\": \"a*\", \"matches\": \"b$\", \"not\": \"ab\" }")]
    [TestCase("\"args.a\": { \"contains\": 5, \"not\": { \"contains\": 6 } }")]
    [TestCase("\"args.a\": { \"contains\": 5, \"not\": { \"like\": \"b*\", \"contains\": \"x\" } }")]
    [TestCase("\"args.a\": [\"1\", 1, true]")]
    [TestCase("\"args.a\": \"\"")]
    [TestCase("\"args.a\": 1, \"args.a[0]\": 1, \"args['A']\": 1, \"args['a.b']\": 1, \"args.a.b\": 1")]
    [TestCase("\"args['it''s']\": 1, \"args['its']\": 1")]
    [TestCase("\"history\": { \"follows\": [\"a\", \"a\"] }")]
    [TestCase("\"history\": { \"contains\": [\"a\", \"b\"], \"not\": { \"contains\": \"a\" } }")]
    [TestCase("\"history\": { \"contains\": \"a\", \"not\": { \"contains\": \"a\", \"follows\": \"b\" } }")]
    public void Load_ConditionThatCanBeTrueOrFalse_Loads(string condition) =>
        Assert.That(() => PolicyCalls.Policy(PolicyCalls.When(condition, "block")), Throws.Nothing);

    [TestCase("\"set\": { \"args.a\": 1, \"args['a']\": 2 }", "set.args['a']", "This is the path 'args.a' in another spelling. Write one edit for both.")]
    [TestCase("\"keep_values\": { \"args.a\": 1, \"args['a']\": 2 }", "keep_values.args['a']", "This is the path 'args.a' in another spelling.")]
    [TestCase("\"keep_values\": { \"args.a\": [1, 1] }", "keep_values.args.a[1]", "'1' is in the list already. Remove one.")]
    [TestCase("\"remove\": [\"args.a\", \"args['a']\"]", "remove[1]", "This is the path 'args.a' in another spelling.")]
    [TestCase("\"remove\": [\"args.a\", \"args.a\"]", "remove[1]", "'args.a' is in the list already. Remove one.")]
    [TestCase("\"set\": { \"args.a\\u0000\": 1 }", "set.args.a\0", "The path contains a control character")]
    public void Load_EditOfThePathOfAnother_ReportsPlaceAndKey(string edit, string key, string message)
    {
        var error = PolicyCalls.LoadError(
            $$"""{ "id": "r", "tools": "*", "decision": "modify", "modify": { {{edit}} } }""", wrap: true);

        Assert.That(error.Key, Is.EqualTo($"rules[0].modify.{key}"), error.Message);
        Assert.That(error.Errors.Single().Message, Does.StartWith(message));
    }

    [TestCase("\"remove\": [\"args.a[0]\", \"args.a[0]\"]")]
    [TestCase("\"remove\": \"args.a\", \"set\": { \"args.a\": 1 }, \"replace\": { \"args.a\": 2 }")]
    public void Load_EditsThatBothHaveAnEffect_Load(string edit) =>
        Assert.That(
            () => PolicyCalls.Policy($$"""{ "id": "r", "tools": "*", "decision": "modify", "modify": { {{edit}} } }"""), Throws.Nothing);

    [TestCase("""{ "id": "r", "tools": ["a", "b*", "a"], "decision": "allow" }""", "tools[2]", "'a' is in the list already. Remove one.")]
    [TestCase("""{ "id": "r", "tools": "*", "actions": ["read", "read"], "decision": "allow" }""", "actions[1]", "'read' is in the list already. Remove one.")]
    [TestCase("""{ "id": "r", "tools": "a\u0000b", "decision": "allow" }""", "tools", "A tool pattern consists of a name and the wildcards * and ?.")]
    [TestCase("""{ "id": "r", "tools": "a\u0007b", "decision": "allow" }""", "tools", "A tool pattern consists of a name and the wildcards * and ?.")]
    public void Load_RuleWithAPatternThatNeverMatches_ReportsPlaceAndKey(string rule, string key, string message)
    {
        var error = PolicyCalls.LoadError(rule, wrap: true);

        Assert.That(error.Key, Is.EqualTo($"rules[0].{key}"));
        Assert.That(error.Errors.Single().Message, Does.StartWith(message));
    }

    [Test]
    public void Load_SequenceLongerThanTheHistory_IsAnError()
    {
        var error = PolicyCalls.LoadError(
            PolicyCalls.When($$"""
                "history": { "follows": [{{string.Join(", ", Enumerable.Repeat("\"a\"", 128))}}] }
                """), wrap: true);

        Assert.That(error.Key, Is.EqualTo("rules[0].when.history.follows"));
        Assert.That(error.Errors.Single().Message, Is.EqualTo(
            "The history has at most 127 calls, so this sequence of 128 never matches. Shorten it."));
    }
}
