using System.Text.Json;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Policy;

/// <summary>Checks the two tables of docs/policy.md about edits: each cell, with each edit and with every value of its kind.</summary>
public sealed class EditShapeTests
{
    private static readonly string[] Others = ["remove", "remove_values", "keep_values", "replace"];

    private static readonly Dictionary<string, string?[]> Values = new(StringComparer.Ordinal)
    {
        ["missing"] = [null],
        ["null"] = ["null"],
        ["missing or null"] = [null, "null"],
        ["string, number, `true`, `false`"] = ["\"text\"", "\"\"", "5", "0", "true", "false"],
        ["array"] = ["""["x","y"]""", """["y"]"""],
        ["object"] = ["""{"n":"x"}""", """{"n":["x","y"],"m":5}"""],
        ["empty array or object"] = ["[]", "{}"],
        ["array or object with elements"] = ["""["x","y"]""", """{"n":"x","m":5}"""],
    };

    [TestCaseSource(nameof(TargetRows))]
    public void Target_OfEachKind_IsEditedAsTheDocumentStates(string edit, string value, string result)
    {
        using (Assert.EnterMultipleScope())
        {
            foreach (var (path, json, place) in Targets(value))
            {
                var expected = result switch
                {
                    "no effect" => place(json),
                    "removed" => place(null),
                    "written" => place("\"new\""),
                    "filtered" => place(edit == "keep_values" ? (json == """["y"]""" ? "[]" : """["x"]""") : """["y"]"""),
                    "a member: written; an element: blocked" => path == "args.a" ? place("\"new\"") : null,
                    "blocked" => null,
                    _ => throw new InvalidOperationException($"The test does not know the result '{result}'."),
                };
                AssertEdit(edit, path, place(json), expected);
            }
        }
    }

    [TestCaseSource(nameof(StepRows))]
    public void Step_OnAValueOfEachKind_GoesOnAsTheDocumentStates(string step, string value, string edit, string result)
    {
        var next = step switch { "`.name`" => ".n", "`[n]`" => "[0]", _ => "[*]" };
        using (Assert.EnterMultipleScope())
        {
            foreach (var (path, json, place) in Targets(value))
            {
                if (result is "next step" or "each element" or "each member")
                {
                    // What the next step does is not part of the cell; it is reached if the edit changes or refuses it.
                    Assert.That(Apply(edit, path + next, place(json)), Is.Not.EqualTo(Normal(place(json))), $"{edit} {path}{next} {place(json)}");
                    continue;
                }

                var expected = result switch
                {
                    "no effect" => place(json),
                    "a member: an object is created; an element: blocked" => path == "args.a" ? place("""{"n":"new"}""") : null,
                    "blocked" => null,
                    _ => throw new InvalidOperationException($"The test does not know the result '{result}'."),
                };
                AssertEdit(edit, path + next, place(json), expected);
            }
        }
    }

    [TestCase("args.limits[0]", """{"q":"all"}""")]
    [TestCase("args.rows[0].x", """{"rows":null}""")]
    [TestCase("args.rows[0].x", """{"rows":[]}""")]
    [TestCase("args.rows[0].x", """{"rows":[null]}""")]
    [TestCase("args.rows[1].x", """{"rows":[{}]}""")]
    [TestCase("args.a[*].b", """{"a":[null]}""")]
    [TestCase("args.a[*].b", """{"a":[{},null]}""")]
    [TestCase("args.a[*].b", """{"a":{"x":null}}""")]
    [TestCase("args.a[*].b", """{"a":[]}""")]
    [TestCase("args.a[*].b", """{"a":null}""")]
    [TestCase("args.a[*].b", "{}")]
    [TestCase("args.a[*][*]", """{"a":[[1],[]]}""")]
    [TestCase("args.a.b[0]", "{}")]
    [TestCase("args.a.b[*]", """{"a":{}}""")]
    [TestCase("args[*]", "{}")]
    [TestCase("args[*].x", "{}")]
    [TestCase("args[*].x", """{"a":null}""")]
    public void Set_ThatCannotWriteEachPlace_Blocks(string path, string arguments) =>
        Assert.That(Apply("set", path, arguments), Is.EqualTo("BLOCK"));

    [Test]
    public void Set_AfterAnEditThatFits_BlocksAndDropsBoth()
    {
        var policy = PolicyCalls.Policy(
            """
            { "id": "first", "tools": "*", "decision": "modify", "modify": { "set": { "args.a": 1 } } }
            """,
            """
            { "id": "second", "tools": "*", "decision": "modify", "modify": { "set": { "args.rows[0]": 1 } } }
            """);

        var decision = PolicyCalls.Decide(policy, PolicyCalls.Call(arguments: "{}"));

        Assert.That(
            (decision.Type, decision.DecisionReasonCode, decision.ModifiedToolArgs),
            Is.EqualTo((DecisionType.Block, LocalPolicyReasonCodes.ModifyNotApplicable, (JsonElement?)null)));
        Assert.That(decision.MatchedRuleIds, Is.EqualTo((string[])["first", "second"]));
    }

    private static IEnumerable<object[]> TargetRows() => PolicyTable.Read("edit")
        .SelectMany(row => row.Skip(1).Select(cell => (object[])[row["edit"].Trim('`'), cell.Key, cell.Value]));

    private static IEnumerable<object[]> StepRows() =>
        from row in PolicyTable.Read("value before the step")
        from step in row["step"].Split(", ")
        from edit in (string[])[.. Others, "set"]
        select (object[])[step, row["value before the step"], edit, row[edit == "set" ? "`set`" : "the other edits"]];

    /// <summary>
    /// Enumerates the places of a value of the kind: a member, an element by its index, and each element. The function creates
    /// the arguments with a value, or none, at the place.
    /// </summary>
    private static IEnumerable<(string Path, string? Value, Func<string?, string> Place)> Targets(string kind)
    {
        foreach (var value in Values[kind])
        {
            yield return ("args.a", value, at => at is null ? """{"z":1}""" : $$"""{"z":1,"a":{{at}}}""");
            yield return ("args.l[1]", value, at => at is null ? """{"z":1,"l":["x"]}""" : $$"""{"z":1,"l":["x",{{at}}]}""");
            if (value is not null)
            {
                yield return ("args.e[*]", value, at => at is null ? """{"z":1,"e":[]}""" : $$"""{"z":1,"e":[{{at}}]}""");
            }
        }
    }

    private static void AssertEdit(string edit, string path, string arguments, string? expected) =>
        Assert.That(Apply(edit, path, arguments), Is.EqualTo(expected is null ? "BLOCK" : Normal(expected)), $"{edit} {path} {arguments}");

    private static string Apply(string edit, string path, string arguments)
    {
        var change = edit == "remove" ? $"\"{path}\""
            : edit.EndsWith("values", StringComparison.Ordinal) ? $$"""{ "{{path}}": "x" }""" : $$"""{ "{{path}}": "new" }""";
        var policy = PolicyCalls.Policy($$"""{ "id": "change", "tools": "*", "decision": "modify", "modify": { "{{edit}}": {{change}} } }""");
        var decision = PolicyCalls.Decide(policy, PolicyCalls.Call(arguments: arguments));
        if (decision.Type == DecisionType.Modify)
        {
            return Normal(decision.ModifiedToolArgs!.Value.GetRawText());
        }

        Assert.That(decision.DecisionReasonCode, Is.EqualTo(LocalPolicyReasonCodes.ModifyNotApplicable));
        return "BLOCK";
    }

    /// <summary>Sorts the top-level members, because an edit may add one at the end.</summary>
    private static string Normal(string arguments) => JsonSerializer.Serialize(
        new SortedDictionary<string, JsonElement>(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(arguments)!, StringComparer.Ordinal));
}
