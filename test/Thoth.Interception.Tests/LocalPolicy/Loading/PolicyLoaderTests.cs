using System.Text;
using NUnit.Framework;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Loading;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Loading;

public sealed class PolicyLoaderTests
{
    [Test]
    public void Load_MisspeltKey_NamesFileLineColumnKeyAndTheNearestKey()
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
            Assert.That(error.Column, Is.EqualTo(5), "the missing decision comes first: the rule's brace");
            Assert.That(error.Errors, Has.Count.EqualTo(2));
            Assert.That(error.Errors[1].Line, Is.EqualTo(4));
            Assert.That(error.Errors[1].Column, Is.EqualTo(32));
            Assert.That(error.Errors[1].Key, Is.EqualTo("rules[1].decison"));
            Assert.That(
                error.Message,
                Does.Contain("test.json(4,32): rules[1].decison: Unknown key 'decison'; did you mean 'decision'?"));
        }
    }

    [TestCase("""{ "id": "r", "tools": "*", "decision": "permit" }""", 40, "decision", "'permit' is unknown; use one of allow, block, step_up, modify, defer.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "alow" }""", 40, "decision", "'alow' is unknown; did you mean 'allow'?")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": 5 }""", 40, "decision", "This is a number; write one of allow, block, step_up, modify, defer.")]
    [TestCase("""{ "id": 7, "tools": "*", "decision": "allow" }""", 9, "id", "This is a number; write a text, such as \"read-docs\".")]
    [TestCase("""{ "id": " ", "tools": "*", "decision": "allow" }""", 9, "id", "The text is blank; write one, such as \"read-docs\".")]
    [TestCase("""{ "tools": "*", "decision": "allow" }""", 1, "", "The rule lacks 'id'; add it, such as \"id\": \"read-docs\".")]
    [TestCase("""{ "id": "r", "decision": "allow" }""", 1, "", "The rule lacks 'tools'; add it, such as \"tools\": \"read_*\".")]
    [TestCase("""{ "id": "r", "tools": [], "decision": "allow" }""", 23, "tools", "The list is empty and would never match; write at least one value or leave the key out.")]
    [TestCase("""{ "id": "r", "tools": ["a", ""], "decision": "allow" }""", 29, "tools[1]", "The text is blank; write one, such as \"read_*\".")]
    [TestCase("""{ "id": "r", "tools": "read_{a,b}", "decision": "allow" }""", 23, "tools", "A tool pattern knows only * and ?; write several patterns as a list, such as [\"read_*\", \"search\"].")]
    [TestCase("""{ "id": "r", "tools": "a b", "decision": "allow" }""", 23, "tools", "A tool pattern knows only * and ?; write several patterns as a list, such as [\"read_*\", \"search\"].")]
    [TestCase("""{ "id": "r", "tools": "*", "actions": "reed", "decision": "allow" }""", 39, "actions", "'reed' is unknown; did you mean 'read'?")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "allow", "timeout_seconds": 5 }""", 49, "timeout_seconds", "'timeout_seconds' is for \"decision\": \"step_up\"; remove it or change the decision.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "allow", "retry_seconds": 5 }""", 49, "retry_seconds", "'retry_seconds' is for \"decision\": \"defer\"; remove it or change the decision.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "block", "modify": { "remove": "args.a" } }""", 49, "modify", "'modify' is for \"decision\": \"modify\"; remove it or change the decision.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "modify" }""", 1, "", "The rule lacks 'modify'; add it, or choose another decision.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "step_up", "timeout_seconds": 0 }""", 70, "timeout_seconds", "The number is out of range; write a whole number from 1 to 86400.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "step_up", "timeout_seconds": 1.5 }""", 70, "timeout_seconds", "The number is out of range; write a whole number from 1 to 86400.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "step_up", "timeout_seconds": "60" }""", 70, "timeout_seconds", "This is a text; write a whole number from 1 to 86400.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "allow", "risk_score": "high" }""", 63, "risk_score", "This is a text; write a number.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "allow", "risk_score": 1e999 }""", 63, "risk_score", "The number is too large; write a smaller one.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "allow", "reason": "" }""", 59, "reason", "The text is blank; write one, such as \"Refunds above 100 need an approval.\".")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "allow", "when": [] }""", 57, "when", "This is a list; write an object.")]
    [TestCase("""{ "id": "r", "tools": "*", "decision": "allow", "when": {} }""", 57, "when", "There is no condition; write one or remove 'when', which matches every call of the tools.")]
    [TestCase("""{ "id": "r", "tools": "*", "tools": "*", "decision": "allow" }""", 28, "tools", "The key 'tools' is here twice; keep one.")]
    [TestCase("5", 1, "", "This is a number; write an object.")]
    public void Load_MistakeInARule_SaysWhereAndWhatToDo(string rule, int column, string key, string message) =>
        AssertSingle($"{{\"rules\": [\n{rule}\n]}}", 2, column, key.Length == 0 ? "rules[0]" : $"rules[0].{key}", message);

    [TestCase("\"usr\": \"x\"", 1, "usr", "Unknown condition 'usr'; did you mean 'user'?")]
    [TestCase("\"arg.amount\": 1", 1, "arg.amount", "Unknown condition 'arg.amount'; did you mean 'args.amount'?")]
    [TestCase("\"arguments[*]\": 1", 1, "arguments[*]", "Unknown condition 'arguments[*]'; did you mean 'args[*]'?")]
    [TestCase("\"amount\": 1", 1, "amount", "Unknown condition 'amount'; use one of user, agent, tenant, environment, session_intent, purpose, data_classification, history, args.<name>")]
    [TestCase("\"args\": 1", 1, "args", "The path names no argument; write one, such as args.amount.")]
    [TestCase("\"args.\": 1", 1, "args.", "The path is malformed; write it like args.amount, args.to[0], args.to[*].domain or args['odd.name'] ('' is a quote).")]
    [TestCase("\"args.a[x]\": 1", 1, "args.a[x]", "The path is malformed;")]
    [TestCase("\"args.a[-1]\": 1", 1, "args.a[-1]", "The path is malformed;")]
    [TestCase("\"args.a[\": 1", 1, "args.a[", "The path is malformed;")]
    [TestCase("\"args.a[0]b\": 1", 1, "args.a[0]b", "The path is malformed;")]
    [TestCase("\"args['a\": 1", 1, "args['a", "The path is malformed;")]
    [TestCase("\"args['']\": 1", 1, "args['']", "The path is malformed;")]
    [TestCase("\"args.a..b\": 1", 1, "args.a..b", "The path is malformed;")]
    [TestCase("\"args.a.*\": 1", 1, "args.a.*", "The path is malformed;")]
    [TestCase("\"args[0]\": 1", 1, "args[0]", "Arguments have names, not numbers; begin with one, such as args.to[0].")]
    [TestCase("\"args.a\": null", 11, "args.a", "null counts as missing; write {\"exists\": false} as the condition.")]
    [TestCase("\"args.a\": {}", 11, "args.a", "The condition is empty; write an operator, such as {\"equals\": \"eu\"}.")]
    [TestCase("\"args.a\": []", 11, "args.a", "The list is empty and would never match; write at least one value or leave the key out.")]
    [TestCase("\"args.a\": { \"equals\": [1] }", 23, "args.a.equals", "This is a list; write a text, a number, true or false.")]
    [TestCase("\"args.a\": { \"in\": 1 }", 19, "args.a.in", "This is a number; write a list.")]
    [TestCase("\"args.a\": { \"graeter\": 1 }", 13, "args.a.graeter", "Unknown key 'graeter'; did you mean 'greater'?")]
    [TestCase("\"args.a\": { \"greater\": \"1\" }", 24, "args.a.greater", "This is a text; write a number.")]
    [TestCase("\"args.a\": { \"exists\": 1 }", 23, "args.a.exists", "This is a number; write true or false.")]
    [TestCase("\"args.a\": { \"exists\": true, \"equals\": 1 }", 23, "args.a.exists", "'exists' stands by itself: the other operators want a value to exist anyway; remove one.")]
    [TestCase("\"args.a\": { \"not\": { \"exists\": true } }", 32, "args.a.not.exists", "'exists' stands by itself; write {\"exists\": false} instead of 'not'.")]
    [TestCase("\"args.a\": { \"not\": { \"not\": 1 } }", 22, "args.a.not.not", "Unknown key 'not'; use one of equals, in, like, matches, contains, greater, at_least, less, at_most, exists.")]
    [TestCase("\"args.a\": { \"matches\": \"(\" }", 24, "args.a.matches", "The regular expression is invalid; correct it: ")]
    [TestCase("\"args.a\": { \"matches\": \"(?!x)\" }", 24, "args.a.matches", "The regular expression looks around or back, which takes unbounded time; say it with 'not' or several rules.")]
    [TestCase("\"args.a\": { \"matches\": \"(a)\\\\1\" }", 24, "args.a.matches", "The regular expression looks around or back, which takes unbounded time; say it with 'not' or several rules.")]
    [TestCase("\"args.a\": { \"any\": 1 }", 20, "args.a.any", "'any' is for a path with [*] and stands alone, outside of every other operator; move it there or remove it.")]
    [TestCase("\"args.a[*]\": { \"all\": 1, \"equals\": 2 }", 1, "args.a[*]", "A rule that lets calls run must say whether one or every element counts; write {\"all\": {...}} or {\"any\": {...}}.", false)]
    [TestCase("\"args.a[*]\": 1", 1, "args.a[*]", "A rule that lets calls run must say whether one or every element counts; write {\"all\": {...}} or {\"any\": {...}}.")]
    [TestCase("\"user\": { \"greater\": 1 }", 11, "user.greater", "Unknown key 'greater'; use one of equals, in, like, matches, contains, exists, not.")]
    [TestCase("\"history\": \"x\"", 12, "history", "This is a text; write an object.")]
    [TestCase("\"history\": {}", 12, "history", "The condition is empty; write an operator, such as {\"contains\": \"read_inbox\"}.")]
    [TestCase("\"history\": { \"folows\": \"x\" }", 14, "history.folows", "Unknown key 'folows'; did you mean 'follows'?")]
    [TestCase("\"history\": { \"not\": { \"not\": {} } }", 23, "history.not.not", "Unknown key 'not'; use one of contains, follows, count.")]
    [TestCase("\"history\": { \"count\": { \"at_least\": 1 } }", 23, "history.count", "The key 'tools' is missing; write which calls are counted, such as \"tools\": \"refund\".")]
    [TestCase("\"history\": { \"count\": { \"tools\": \"x\" } }", 23, "history.count", "A count needs a bound; write 'at_least', 'at_most' or both.")]
    [TestCase("\"history\": { \"count\": { \"tools\": \"x\", \"at_least\": 3, \"at_most\": 2 } }", 23, "history.count", "'at_least' is above 'at_most', so this never matches; exchange them.")]
    [TestCase("\"history\": { \"count\": { \"tools\": \"x\", \"at_least\": 128 } }", 51, "history.count.at_least", "The number is out of range; write a whole number from 0 to 127.")]
    public void Load_MistakeInACondition_SaysWhereAndWhatToDo(
        string condition, int column, string key, string message, bool single = true)
    {
        var json = $$$"""
            {"rules": [{ "id": "r", "tools": "*", "decision": "allow", "when": {
            {{{condition}}}
            }}]}
            """;
        AssertSingle(json, 2, column, $"rules[0].when.{key}", message, single);
    }

    [TestCase("\"delete\": \"args.a\"", 1, "delete", "Unknown key 'delete'; use one of remove, remove_values, keep_values, replace, set.")]
    [TestCase("\"remove\": []", 11, "remove", "The list is empty and would never match; write at least one value or leave the key out.")]
    [TestCase("\"remove\": [\"args.a\", \"b\"]", 22, "remove[1]", "The path is malformed;")]
    [TestCase("\"remove\": 5", 11, "remove", "This is a number; write a text, such as \"args.ssn\".", false)]
    [TestCase("\"set\": {}", 8, "set", "There is no path; write one, such as \"args.columns\", or remove the key.")]
    [TestCase("\"set\": { \"columns\": 1 }", 10, "set.columns", "The path is malformed;")]
    [TestCase("\"set\": [\"args.a\"]", 8, "set", "This is a list; write an object.")]
    [TestCase("\"keep_values\": { \"args.a\": [[1]] }", 29, "keep_values.args.a[0]", "This is a list; write a text, a number, true or false.")]
    [TestCase("\"set\": { \"args.a\": 1, \"args.a\": 2 }", 23, "set.args.a", "The key 'args.a' is here twice; keep one.")]
    [TestCase("\"set\": { \"args.a\": { \"x\": 1, \"x\": 2 } }", 30, "set.args.a.x", "The key 'x' is here twice; keep one.")]
    public void Load_MistakeInAChange_SaysWhereAndWhatToDo(
        string change, int column, string key, string message, bool single = true)
    {
        var json = $$$"""
            {"rules": [{ "id": "r", "tools": "*", "decision": "modify", "modify": {
            {{{change}}}
            }}]}
            """;
        AssertSingle(json, 2, column, $"rules[0].modify.{key}", message, single);
    }

    [TestCase("{}", 1, 1, "", "The policy lacks 'rules'; add it: \"rules\": [ ... ].")]
    [TestCase("[]", 1, 1, "", "This is a list; write an object.")]
    [TestCase("{ \"rules\": {} }", 1, 12, "rules", "This is an object; write a list of rules.")]
    [TestCase("{ \"rules\": [], \"rulez\": [] }", 1, 16, "rulez", "Unknown key 'rulez'; did you mean 'rules'?")]
    [TestCase("{ \"rules\": [], \"id\": 5 }", 1, 22, "id", "This is a number; write a text, such as \"payments\".")]
    [TestCase("{ \"rules\": [], \"version\": 1.0 }", 1, 27, "version", "This is a number; write a text, such as \"1.0.0\".")]
    [TestCase("{\n  \"id\": \"größe 😀\", \"rulez\": [], \"rules\": [] }", 2, 21, "rulez", "Unknown key 'rulez'", Description = "columns count characters, not bytes")]
    [TestCase("", 1, 1, "", "This is no valid JSON: ")]
    [TestCase("{ \"rules\": [] ", 1, 15, "", "This is no valid JSON: ")]
    [TestCase("{\n\"rules\": [],\n}", 3, 1, "", "This is no valid JSON: ")]
    [TestCase("{\n\"rules\": [] // none\n}", 2, 13, "", "This is no valid JSON: ")]
    [TestCase("{ \"rules\": [] } {}", 1, 17, "", "This is no valid JSON: ")]
    [TestCase("{\n \"rules\": [], \"id\": \"\\ud800\" }", 2, 21, "", "The text is no valid Unicode; save the file as UTF-8.")]
    public void Load_MistakeInTheFile_SaysWhereAndWhatToDo(string json, int line, int column, string key, string message) =>
        AssertSingle(json, line, column, key, message);

    [Test]
    public void Load_DuplicateId_NamesTheSecond()
    {
        const string Json = """
            { "rules": [
            { "id": "same", "tools": "*", "decision": "allow" },
            { "id": "same", "tools": "*", "decision": "block" }
            ]}
            """;
        AssertSingle(Json, 3, 9, "rules[1].id", "Another rule has the id 'same' already; give each its own.");
    }

    [Test]
    public void Load_SeveralMistakes_ReportsAllInFileOrder()
    {
        var error = PolicyCalls.LoadError("""
            { "ruls": 1, "rules": [
            { "id": "a", "tools": "*", "decision": "alow" },
            { "id": "a", "tool": "*", "decision": "block" }
            ], "id": 5 }
            """);

        Assert.That(
            error.Errors.Select(one => one.Key),
            Is.EqualTo((string[])["ruls", "rules[0].decision", "rules[1]", "rules[1].id", "rules[1].tool", "id"]));
        Assert.That(error.Message.Split(Environment.NewLine), Has.Length.EqualTo(6));
    }

    [Test]
    public void Load_ByteOrderMark_IsNoMistake()
    {
        byte[] json = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("""{ "rules": [], "x": 1 }""")];

        var error = Assert.Throws<PolicyLoadException>(() => PolicyLoader.Load("f", json))!;

        Assert.That((error.Line, error.Column, error.Key), Is.EqualTo((1, 16, "x")));
    }

    [Test]
    public void Load_EmptyRules_BlocksEverything() =>
        Assert.That(PolicyCalls.Verdict(PolicyCalls.Load("""{ "rules": [] }"""), PolicyCalls.Call()), Is.EqualTo(DecisionType.Block));

    [Test]
    public void Load_TextCutAnywhere_IsRefused()
    {
        const string Json = """{ "id": "x", "rules": [{ "id": "a", "tools": ["*"], "decision": "allow" }] }""";
        for (var length = 0; length < Json.Length; length++)
        {
            var cut = Json[..length];
            Assert.That(() => PolicyCalls.Load(cut), Throws.TypeOf<PolicyLoadException>(), cut);
        }
    }

    private static void AssertSingle(string json, int line, int column, string key, string message, bool single = true)
    {
        var error = PolicyCalls.LoadError(json);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((error.Line, error.Column), Is.EqualTo((line, column)), error.Message);
            Assert.That(error.Key, Is.EqualTo(key));
            Assert.That(error.Errors[0].Message, Does.StartWith(message));
            Assert.That(error.Message, Does.StartWith($"test.json({line},{column}): "));
            if (single)
            {
                Assert.That(error.Errors, Has.Count.EqualTo(1), error.Message);
            }
        }
    }
}
