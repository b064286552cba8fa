using System.Text;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Loading;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Loading;

/// <summary>Checks what an author reads about a file that is not JSON: place, key, what is wrong and what to do.</summary>
public sealed class JsonMistakeTests
{
    private const string Value = "Write a string in double quotes, a number, true, false, null, an object or an array.";

    [TestCase("", 1, 1, "", "The policy is empty. Write at least {\"rules\": []}.")]
    [TestCase(" \r\n\t", 1, 1, "", "The policy is empty. Write at least {\"rules\": []}.")]
    [TestCase("{\n\"rules\": [],\n}", 3, 1, "", "The comma before this bracket separates nothing. Remove the comma.")]
    [TestCase("{ \"rules\": [{ \"id\": \"r\", \"tools\": [\"a\", ] }] }", 1, 41, "rules[0].tools", "The comma before this bracket separates nothing. Remove the comma.")]
    [TestCase("{\n\"rules\": [] // none\n}", 2, 13, "", "JSON has no comments. Remove this one, or write it as the \"description\" of the policy or rule.")]
    [TestCase("/* x */ {}", 1, 1, "", "JSON has no comments.")]
    [TestCase("{ \"rules\": [ # none\n ] }", 1, 14, "rules", "JSON has no comments.")]
    [TestCase("{ \"rules\": [] ", 1, 15, "", "The policy ends early: '{' of line 1, column 1 is not closed. Add '}'.")]
    [TestCase("{\n \"rules\": [ {\"id\": ", 2, 20, "rules[0].id", "The policy ends early: '{' of line 2, column 13 is not closed. Add '}'.")]
    [TestCase("{ \"rules\": [", 1, 13, "rules", "The policy ends early: '[' of line 1, column 12 is not closed. Add ']'.")]
    [TestCase("{ \"id\": \"open }", 1, 9, "id", "This string is not closed. Add the closing quote.")]
    [TestCase("{ \"rules\": [] } {}", 1, 17, "", "The policy ends before this character. Remove what follows.")]
    [TestCase("{ \"rules\": [] } }", 1, 17, "", "The policy ends before this character. Remove what follows.")]
    [TestCase("{ \"id\": \"a\" \"rules\": [] }", 1, 13, "", "A comma is missing before this character. Add it.")]
    [TestCase("{ \"rules\": [{} {}] }", 1, 16, "rules", "A comma is missing before this character. Add it.")]
    [TestCase("{ \"id\" \"a\" }", 1, 8, "id", "A colon is missing after the key. Add it.")]
    [TestCase("{ \"id\", \"a\" }", 1, 7, "id", "A colon is missing after the key. Add it.")]
    [TestCase("{ 'id': \"a\" }", 1, 3, "", "A key must be in double quotes. Correct the quotes.")]
    [TestCase("{ id: \"a\" }", 1, 3, "", "A key must be in double quotes. Correct the quotes.")]
    [TestCase("{ \"id\": 'a' }", 1, 9, "id", $"This is not a value. {Value}")]
    [TestCase("{ \"id\": payments }", 1, 9, "id", $"This is not a value. {Value}")]
    [TestCase("{ \"id\": True }", 1, 9, "id", $"This is not a value. {Value}")]
    [TestCase("{ \"id\": tru }", 1, 9, "id", $"This is not a value. {Value}")]
    [TestCase("{ \"id\": }", 1, 9, "id", $"This is not a value. {Value}")]
    [TestCase("{ \"rules\": [,] }", 1, 13, "rules", $"This is not a value. {Value}")]
    [TestCase("{ \"id\": \u201ca\u201d }", 1, 9, "id", $"This is not a value. {Value}")]
    [TestCase("{ \"rules\": [}", 1, 13, "rules", "'[' of line 1, column 12 is not closed before this bracket. Add ']'.")]
    [TestCase("{ \"id\": 01 }", 1, 9, "id", "This number is malformed. Write it like 10, -1.5 or 2e3.")]
    [TestCase("{ \"id\": +1 }", 1, 9, "id", "This number is malformed. Write it like 10, -1.5 or 2e3.")]
    [TestCase("{ \"id\": .5 }", 1, 9, "id", "This number is malformed. Write it like 10, -1.5 or 2e3.")]
    [TestCase("{ \"id\": 1. }", 1, 9, "id", "This number is malformed. Write it like 10, -1.5 or 2e3.")]
    [TestCase("{ \"id\": 0x10 }", 1, 9, "id", "This number is malformed. Write it like 10, -1.5 or 2e3.")]
    [TestCase("{ \"id\": 1e }", 1, 9, "id", "This number is malformed. Write it like 10, -1.5 or 2e3.")]
    [TestCase("{ \"id\": \"a\\d\" }", 1, 11, "id", "This escape is unknown. Write a backslash twice, and a character by its code as \\u0041.")]
    [TestCase("{ \"id\": \"a\\u12\" }", 1, 11, "id", "This escape is unknown.")]
    [TestCase("{ \"id\": \"a\nb\" }", 1, 11, "id", "A string cannot contain a line break or another control character. Write it as an escape, such as \\n.")]
    [TestCase("{ \"id\": \"a\0b\" }", 1, 11, "id", "A string cannot contain a line break or another control character.")]
    [TestCase("{ \"\0\": 1 }", 1, 4, "", "A string cannot contain a line break or another control character.")]
    [TestCase("\0{}", 1, 1, "", "This is not a value.")]
    [TestCase("{\n \"rules\": [], \"id\": \"\\ud800\" }", 2, 21, "id", "The string contains half of a surrogate pair. Write both halves, such as \\ud83d\\ude00, or the character itself.")]
    [TestCase("{ \"rules\": [{ \"id\": \"x\\udc00y\" }] }", 1, 21, "rules[0].id", "The string contains half of a surrogate pair.")]
    [TestCase("{ \"rules\": [{ \"\\udc00\": 1 }] }", 1, 15, "rules[0]", "The string contains half of a surrogate pair.")]
    public void Load_NotJson_ReportsPlaceKeyAndCorrection(string json, int line, int column, string key, string message)
    {
        var error = PolicyCalls.LoadError(json);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((error.Line, error.Column, error.Key), Is.EqualTo((line, column, key)), error.Message);
            Assert.That(error.Errors[0].Message, Does.StartWith(message));
            Assert.That(error.Errors, Has.Count.EqualTo(1), error.Message);
        }
    }

    [Test]
    public void Load_TooDeep_ReportsTheDepth()
    {
        var error = PolicyCalls.LoadError($$"""{ "rules": {{new string('[', 70)}}""");

        Assert.That(error.Errors[0].Message, Is.EqualTo("Objects and arrays are nested deeper than 64 levels. Flatten them."));
        Assert.That(error.Column, Is.EqualTo(12 + 63));
    }

    [Test]
    public void Load_OtherEncoding_NamesIt([Values("utf-16", "utf-16BE", "utf-32")] string name, [Values] bool mark)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] bytes = [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes("""{ "rules": [] }""")];

        var error = Assert.Throws<PolicyLoadException>(() => PolicyLoader.Load("f", bytes))!;

        Assert.That(error.Errors[0].Message, Is.EqualTo($"The policy is encoded as {name[..6].ToUpperInvariant()}. Save it as UTF-8."));
    }

    [Test]
    public void Load_BytesOfAnotherEncoding_ReportsPlaceAndKey()
    {
        byte[] bytes = [.. "{ \"rules\": [], \"id\": \"gr"u8, 0xFC, .. "n\" }"u8];

        var error = Assert.Throws<PolicyLoadException>(() => PolicyLoader.Load("f", bytes))!;

        Assert.That((error.Column, error.Key), Is.EqualTo((22, "id")));
        Assert.That(error.Errors[0].Message, Is.EqualTo("The string is not UTF-8. Save the policy as UTF-8."));
    }

    [TestCase("""{ "rule": [] }""", "rule", "Unknown key 'rule'. Did you mean 'rules'?")]
    [TestCase("""{ "rules": [{ "id": "r", "tool": "*", "decision": "allow" }] }""", "rules[0].tool", "Unknown key 'tool'. Did you mean 'tools'?")]
    [TestCase("""{ "rules": [{ "Id": "r", "tools": "*", "decision": "allow" }] }""", "rules[0].Id", "Unknown key 'Id'. Did you mean 'id'?")]
    [TestCase("""{ "rules": [{ "id": "r", "tools": "*", "decision": "modify", "modfy": {} }] }""", "rules[0].modfy", "Unknown key 'modfy'. Did you mean 'modify'?")]
    [TestCase("""{ "rules": [{ "id": "r", "tools": "*", "decision": "allow", "when": { "history": { "count": { "tool": "*", "at_least": 1 } } } }] }""", "rules[0].when.history.count.tool", "Unknown key 'tool'. Did you mean 'tools'?")]
    [TestCase("""{ "rules": [{ "id": "r", "tools": "*", "decision": "allow", "when": { "history": { "count": { "tools": "*", "at_leest": 1 } } } }] }""", "rules[0].when.history.count.at_leest", "Unknown key 'at_leest'. Did you mean 'at_least'?")]
    [TestCase("""{ "rules": [{ "id": "r", "tools": "*", "decision": "allow", "when": { "args.to[*]": { "al": "x" } } }] }""", "rules[0].when.args.to[*].al", "Unknown key 'al'. Did you mean 'all'?")]
    public void Load_MisspeltRequiredKey_IsOneError(string json, string key, string message)
    {
        var error = PolicyCalls.LoadError(json);

        Assert.That(error.Errors.Select(entry => (entry.Key, entry.Message)), Is.EqualTo(((string, string)[])[(key, message)]));
    }

    [Test]
    [CancelAfter(20_000)]
    public void Load_TooLarge_IsRefused()
    {
        var json = $$"""{ "rules": [], "id": "{{new string('x', 4 * 1024 * 1024)}}" }""";

        var error = PolicyCalls.LoadError(json);

        Assert.That(error.Message, Does.StartWith(
            "test.json: The policy is larger than 4 MiB. Shorten it, for example with patterns in place of long lists."));
        Assert.That((error.Line, error.Column), Is.EqualTo((0, 0)));
    }

    [Test]
    [CancelAfter(20_000)]
    public void Load_ManyErrors_ListsTheFirstHundred()
    {
        var rules = string.Join(",", Enumerable.Repeat("{\"idd\":1,\"toolz\":2}", 100_000));

        var error = PolicyCalls.LoadError($$"""{ "rules": [{{rules}}] }""");

        Assert.That(error.Errors, Has.Count.EqualTo(100));
        Assert.That(error.Key, Is.EqualTo("rules[0].idd").Or.EqualTo("rules[0]"));
    }

    [Test]
    [CancelAfter(20_000)]
    public void Load_HugeUnknownKey_IsShortened()
    {
        var error = PolicyCalls.LoadError($$"""{ "rules": [], "{{new string('k', 2_000_000)}}": 1 }""");

        Assert.That(error.Message, Has.Length.LessThan(1_000));
    }

    [Test]
    public void Load_TextWithHalfASurrogatePair_IsRefused()
    {
        var error = Assert.Throws<PolicyLoadException>(() => PolicyEngine.Load(
            new LocalPolicyOptions { Json = "{ \"rules\": [],\n \"id\": \"x\ud800\" }" }))!;

        Assert.That(error.Message, Is.EqualTo(
            "LocalPolicyOptions.Json(2,10): The text contains half of a surrogate pair. Write the whole character."));
    }

    [Test]
    public void Load_TextWithAByteOrderMark_IsAccepted() =>
        Assert.That(() => PolicyEngine.Load(new LocalPolicyOptions { Json = "\ufeff{ \"rules\": [] }" }).Dispose(), Throws.Nothing);
}
