using System.Text;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Loading;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Loading;

public sealed class PolicyLoaderTests
{
    [Test]
    public void Load_MisspeltKey_ReportsPositionAndNearestKey()
    {
        var error = PolicyCalls.LoadError(
            """
            {
              "rules": [
                { "id": "a", "tools": "*", "decision": "allow" },
                { "id": "b", "tools": "*", "decison": "allow" }
              ]
            }
            """);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error.File, Is.EqualTo("test.json"));
            Assert.That(error.Line, Is.EqualTo(4));
            Assert.That(error.Errors, Has.Count.EqualTo(1), "the missing key is the misspelt one");
            Assert.That(error.Column, Is.EqualTo(32));
            Assert.That(error.Key, Is.EqualTo("rules[1].decison"));
            Assert.That(
                error.Message,
                Does.Contain("test.json(4,32): rules[1].decison: Unknown key 'decison'. Did you mean 'decision'?"));
        }
    }

    [TestCase("""{ "id": "r", "tools": "*", "decision": "permit" }""", 40, "decision", "'permit' is unknown. Use one of allow, block, step_up, modify, defer.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "alow" }""", 40, "decision", "'alow' is unknown. Did you mean 'allow'?")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": 5 }""", 40, "decision", "This is a number. Write one of allow, block, step_up, modify, defer.")]
    [TestCase("""{ "id": 7, "tools": "*", "decision": "allow" }""", 9, "id", "This is a number. Write a string, such as \"read-docs\".")]
    [TestCase("""{ "id": " ", "tools": "*", "decision": "allow" }""", 9, "id", "The string is blank. Write one, such as \"read-docs\".")]
    [TestCase("""{ "tools": "*", "decision": "allow" }""", 1, "", "The rule has no 'id'. Add it, such as \"id\": \"read-docs\".")]
    [TestCase("""{ "id": "r", "decision": "allow" }""", 1, "", "The rule has no 'tools'. Add it, such as \"tools\": \"read_*\".")]
    [TestCase("""{ "id": "r", "tools": [], "decision": "allow" }""", 23, "tools", "The array is empty and would never match. Write at least one value or remove the key.")]
    [TestCase("""{ "id": "r", "tools": ["a", ""], "decision": "allow" }""", 29, "tools[1]", "The string is blank. Write one, such as \"read_*\".")]
    [TestCase("""{ "id": "r", "tools": "read_{a,b}", "decision": "allow" }""", 23, "tools", "A tool pattern consists of a name and the wildcards * and ?. Write several patterns as an array, such as [\"read_*\", \"search\"].")]
    [TestCase("""{ "id": "r", "tools": "a b", "decision": "allow" }""", 23, "tools", "A tool pattern consists of a name and the wildcards * and ?. Write several patterns as an array, such as [\"read_*\", \"search\"].")]
    [TestCase("""{ "id": "r", "tools": "*", "actions": "reed", "decision": "allow" }""", 39, "actions", "'reed' is unknown. Did you mean 'read'?")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "allow", "timeout_seconds": 5 }""", 49, "timeout_seconds", "'timeout_seconds' is valid only with \"decision\": \"step_up\". Remove it or change the decision.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "allow", "retry_seconds": 5 }""", 49, "retry_seconds", "'retry_seconds' is valid only with \"decision\": \"defer\". Remove it or change the decision.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "block", "modify": { "remove": "args.a" } }""", 49, "modify", "'modify' is valid only with \"decision\": \"modify\". Remove it or change the decision.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "modify" }""", 1, "", "The rule has no 'modify'. Add it or choose another decision.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "step_up", "timeout_seconds": 0 }""", 70, "timeout_seconds", "The number is fractional or out of range. Write a whole number from 1 to 86400.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "step_up", "timeout_seconds": 1.5 }""", 70, "timeout_seconds", "The number is fractional or out of range. Write a whole number from 1 to 86400.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "step_up", "timeout_seconds": "60" }""", 70, "timeout_seconds", "This is a string. Write a whole number from 1 to 86400.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "allow", "risk_score": "high" }""", 63, "risk_score", "This is a string. Write a number.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "allow", "risk_score": 1e999 }""", 63, "risk_score", "The number is too large. Write a smaller one.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "allow", "reason": "" }""", 59, "reason", "The string is blank. Write one, such as \"Refunds above 100 need an approval.\".")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "allow", "when": [] }""", 57, "when", "This is an array. Write an object.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "allow", "when": {} }""", 57, "when", "'when' has no condition. Write one, or remove 'when' to match every call of the tools.")]
    [TestCase("""{ "id": "r", "tools": "*", "tools": "*", "decision": "allow" }""", 28, "tools", "The key 'tools' appears twice. Remove one.")]
    [TestCase("5", 1, "", "This is a number. Write an object.")]
    public void Load_InvalidRule_ReportsPositionAndCorrection(string rule, int column, string key, string message) =>
        AssertSingle($"{{\"rules\": [\n{rule}\n]}}", 2, column, key.Length == 0 ? "rules[0]" : $"rules[0].{key}", message);

    [TestCase("\"usr\": \"x\"", 1, "usr", "Unknown condition 'usr'. Did you mean 'user'?")]
    [TestCase("\"arg.amount\": 1", 1, "arg.amount", "Unknown condition 'arg.amount'. Did you mean 'args.amount'?")]
    [TestCase("\"arguments[*]\": 1", 1, "arguments[*]", "Unknown condition 'arguments[*]'. Did you mean 'args[*]'?")]
    [TestCase("\"amount\": 1", 1, "amount", "Unknown condition 'amount'. Use one of user, agent, tenant, environment, session_intent, purpose, data_classification, history, args.<name>")]
    [TestCase("\"args\": 1", 1, "args", "The path has no argument name. Write one, such as args.amount.")]
    [TestCase("\"args.\": 1", 1, "args.", "The path is malformed. Write it like args.amount, args.to[0], args.to[*].domain or args['odd.name'] ('' is a quote).")]
    [TestCase("\"args.a[x]\": 1", 1, "args.a[x]", "The path is malformed.")]
    [TestCase("\"args.a[-1]\": 1", 1, "args.a[-1]", "The path is malformed.")]
    [TestCase("\"args.a[\": 1", 1, "args.a[", "The path is malformed.")]
    [TestCase("\"args.a[0]b\": 1", 1, "args.a[0]b", "The path is malformed.")]
    [TestCase("\"args['a\": 1", 1, "args['a", "The path is malformed.")]
    [TestCase("\"args['']\": 1", 1, "args['']", "The path is malformed.")]
    [TestCase("\"args.a..b\": 1", 1, "args.a..b", "The path is malformed.")]
    [TestCase("\"args.a.*\": 1", 1, "args.a.*", "The path is malformed.")]
    [TestCase("\"args[0]\": 1", 1, "args[0]", "Arguments have names, not indexes. Begin with a name, such as args.to[0].")]
    [TestCase("\"args.a\": null", 11, "args.a", "null counts as missing. Write {\"exists\": false} as the condition.")]
    [TestCase("\"args.a\": {}", 11, "args.a", "The condition is empty. Write an operator, such as {\"equals\": \"eu\"}.")]
    [TestCase("\"args.a\": []", 11, "args.a", "The array is empty and would never match. Write at least one value or remove the key.")]
    [TestCase("\"args.a\": { \"equals\": [1] }", 23, "args.a.equals", "This is an array. Write a string, a number, true or false.")]
    [TestCase("\"args.a\": { \"in\": 1 }", 19, "args.a.in", "This is a number. Write an array.")]
    [TestCase("\"args.a\": { \"graeter\": 1 }", 13, "args.a.graeter", "Unknown key 'graeter'. Did you mean 'greater'?")]
    [TestCase("\"args.a\": { \"greater\": \"1\" }", 24, "args.a.greater", "This is a string. Write a number.")]
    [TestCase("\"args.a\": { \"exists\": 1 }", 23, "args.a.exists", "This is a number. Write true or false.")]
    [TestCase("\"args.a\": { \"exists\": true, \"equals\": 1 }", 23, "args.a.exists", "'exists' cannot be combined: the other operators already require a value. Remove 'exists' or the others.")]
    [TestCase("\"args.a\": { \"not\": { \"exists\": true } }", 32, "args.a.not.exists", "'exists' cannot be negated with 'not'. Write {\"exists\": false} or {\"exists\": true} instead.")]
    [TestCase("\"args.a\": { \"not\": { \"not\": 1 } }", 22, "args.a.not.not", "Unknown key 'not'. Use one of equals, in, like, matches, contains, greater, at_least, less, at_most, exists.")]
    [TestCase("\"args.a\": { \"matches\": \"(\" }", 24, "args.a.matches", "The regular expression is invalid. Correct it: ")]
    [TestCase("\"args.a\": { \"matches\": \"(?!x)\" }", 24, "args.a.matches", "The regular expression needs backtracking, as for a lookaround or a backreference. Use 'not' or several rules instead.")]
    [TestCase("\"args.a\": { \"matches\": \"(a)\\\\1\" }", 24, "args.a.matches", "The regular expression needs backtracking, as for a lookaround or a backreference. Use 'not' or several rules instead.")]
    [TestCase("\"args.a\": { \"any\": 1 }", 20, "args.a.any", "'any' is valid only as the single, outermost operator of a path with [*]. Move it there or remove it.")]
    [TestCase("\"args.a[*]\": { \"all\": 1, \"equals\": 2 }", 1, "args.a[*]", "A rule that permits calls must state whether one or every element counts. Write {\"all\": {...}} or {\"any\": {...}}.", false)]
    [TestCase("\"args.a[*]\": 1", 1, "args.a[*]", "A rule that permits calls must state whether one or every element counts. Write {\"all\": {...}} or {\"any\": {...}}.")]
    [TestCase("\"user\": { \"greater\": 1 }", 11, "user.greater", "Unknown key 'greater'. Use one of equals, in, like, matches, contains, exists, not.")]
    [TestCase("\"history\": \"x\"", 12, "history", "This is a string. Write an object.")]
    [TestCase("\"history\": {}", 12, "history", "The condition is empty. Write an operator, such as {\"contains\": \"read_inbox\"}.")]
    [TestCase("\"history\": { \"folows\": \"x\" }", 14, "history.folows", "Unknown key 'folows'. Did you mean 'follows'?")]
    [TestCase("\"history\": { \"not\": { \"not\": {} } }", 23, "history.not.not", "Unknown key 'not'. Use one of contains, follows, count.")]
    [TestCase("\"history\": { \"count\": { \"at_least\": 1 } }", 23, "history.count", "The key 'tools' is missing. Write the tools to count, such as \"tools\": \"refund\".")]
    [TestCase("\"history\": { \"count\": { \"tools\": \"x\", \"at_least\": 0 } }", 51, "history.count.at_least", "A count is never less than 0, so the condition is always true. Write a larger number, or remove it.")]
    [TestCase("\"history\": { \"count\": { \"tools\": \"x\" } }", 23, "history.count", "'count' has no bound. Write 'at_least', 'at_most' or both.")]
    [TestCase("\"history\": { \"count\": { \"tools\": \"x\", \"at_least\": 3, \"at_most\": 2 } }", 23, "history.count", "'at_least' is greater than 'at_most', so the condition is never true. Exchange them.")]
    [TestCase("\"history\": { \"count\": { \"tools\": \"x\", \"at_least\": 128 } }", 51, "history.count.at_least", "The number is fractional or out of range. Write a whole number from 0 to 127.")]
    public void Load_InvalidCondition_ReportsPositionAndCorrection(
        string condition, int column, string key, string message, bool isOnlyError = true)
    {
        var json = $$$"""
            {"rules": [{ "id": "r", "tools": "*", "decision": "allow", "when": {
            {{{condition}}}
            }}]}
            """;
        AssertSingle(json, 2, column, $"rules[0].when.{key}", message, isOnlyError);
    }

    [TestCase("\"delete\": \"args.a\"", 1, "delete", "Unknown key 'delete'. Use one of remove, remove_values, keep_values, replace, set.")]
    [TestCase("\"remove\": []", 11, "remove", "The array is empty and would never match. Write at least one value or remove the key.")]
    [TestCase("\"remove\": [\"args.a\", \"b\"]", 22, "remove[1]", "The path is malformed.")]
    [TestCase("\"remove\": 5", 11, "remove", "This is a number. Write a string, such as \"args.ssn\".", false)]
    [TestCase("\"set\": {}", 8, "set", "A path is missing. Write one, such as \"args.columns\", or remove the key.")]
    [TestCase("\"set\": { \"columns\": 1 }", 10, "set.columns", "The path is malformed.")]
    [TestCase("\"set\": [\"args.a\"]", 8, "set", "This is an array. Write an object.")]
    [TestCase("\"keep_values\": { \"args.a\": [[1]] }", 29, "keep_values.args.a[0]", "This is an array. Write a string, a number, true or false.")]
    [TestCase("\"set\": { \"args.a\": 1, \"args.a\": 2 }", 23, "set.args.a", "The key 'args.a' appears twice. Remove one.")]
    [TestCase("\"set\": { \"args.a\": { \"x\": 1, \"x\": 2 } }", 30, "set.args.a.x", "The key 'x' appears twice. Remove one.")]
    public void Load_InvalidEdit_ReportsPositionAndCorrection(
        string edit, int column, string key, string message, bool isOnlyError = true)
    {
        var json = $$$"""
            {"rules": [{ "id": "r", "tools": "*", "decision": "modify", "modify": {
            {{{edit}}}
            }}]}
            """;
        AssertSingle(json, 2, column, $"rules[0].modify.{key}", message, isOnlyError);
    }

    [TestCase("{}", 1, 1, "", "The policy has no 'rules'. Add it: \"rules\": [ ... ].")]
    [TestCase("[]", 1, 1, "", "This is an array. Write an object.")]
    [TestCase("{ \"rules\": {} }", 1, 12, "rules", "This is an object. Write an array of rules.")]
    [TestCase("{ \"rules\": [], \"rulez\": [] }", 1, 16, "rulez", "Unknown key 'rulez'. Did you mean 'rules'?")]
    [TestCase("{ \"rules\": [], \"id\": 5 }", 1, 22, "id", "This is a number. Write a string, such as \"payments\".")]
    [TestCase("{ \"rules\": [], \"version\": 1.0 }", 1, 27, "version", "This is a number. Write a string, such as \"1.0.0\".")]
    [TestCase("{\n  \"id\": \"größe 😀\", \"rulez\": [], \"rules\": [] }", 2, 21, "rulez", "Unknown key 'rulez'", Description = "columns count characters, not bytes")]
    public void Load_InvalidFile_ReportsPositionAndCorrection(string json, int line, int column, string key, string message) =>
        AssertSingle(json, line, column, key, message);

    [Test]
    public void Load_DuplicateId_ReportsTheSecondRule()
    {
        const string Json = """
            { "rules": [
            { "id": "same", "tools": "*", "decision": "allow" },
            { "id": "same", "tools": "*", "decision": "block" }
            ]}
            """;
        AssertSingle(Json, 3, 9, "rules[1].id", "Another rule already has the id 'same'. Use a different id for each rule.");
    }

    [Test]
    public void Load_SeveralErrors_ReportsAllInFileOrder()
    {
        var error = PolicyCalls.LoadError("""
            { "ruls": 1, "rules": [
            { "id": "a", "tools": "*", "decision": "alow" },
            { "id": "a", "tool": "*", "decision": "block" }
            ], "id": 5 }
            """);

        Assert.That(
            error.Errors.Select(entry => entry.Key),
            Is.EqualTo((string[])["ruls", "rules[0].decision", "rules[1].id", "rules[1].tool", "id"]));
        Assert.That(error.Message.Split(Environment.NewLine), Has.Length.EqualTo(5));
    }

    [Test]
    public void Load_ByteOrderMark_IsAccepted()
    {
        byte[] json = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("""{ "rules": [], "x": 1 }""")];

        var error = Assert.Throws<PolicyLoadException>(() => PolicyLoader.Load("f", json))!;

        Assert.That((error.Line, error.Column, error.Key), Is.EqualTo((1, 16, "x")));
    }

    [Test]
    public void Load_EmptyRules_BlocksEverything() =>
        Assert.That(PolicyCalls.Verdict(PolicyCalls.Load("""{ "rules": [] }"""), PolicyCalls.Call()), Is.EqualTo(DecisionType.Block));

    [Test]
    public void Load_TruncatedText_Throws()
    {
        const string Json = """{ "id": "x", "rules": [{ "id": "a", "tools": ["*"], "decision": "allow" }] }""";
        for (var length = 0; length < Json.Length; length++)
        {
            var truncated = Json[..length];
            Assert.That(() => PolicyCalls.Load(truncated), Throws.TypeOf<PolicyLoadException>(), truncated);
        }
    }

    private static void AssertSingle(string json, int line, int column, string key, string message, bool isOnlyError = true)
    {
        var error = PolicyCalls.LoadError(json);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((error.Line, error.Column), Is.EqualTo((line, column)), error.Message);
            Assert.That(error.Key, Is.EqualTo(key));
            Assert.That(error.Errors[0].Message, Does.StartWith(message));
            Assert.That(error.Message, Does.StartWith($"test.json({line},{column}): "));
            if (isOnlyError)
            {
                Assert.That(error.Errors, Has.Count.EqualTo(1), error.Message);
            }
        }
    }
}
