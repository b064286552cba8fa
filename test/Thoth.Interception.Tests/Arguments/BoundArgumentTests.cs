using System.Collections;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Thoth.Interception.Tests.Support;
using static Thoth.Interception.Tests.Arguments.ModifyCase;

namespace Thoth.Interception.Tests.Arguments;

/// <summary>What a decision changed is bound without loss, or not at all; what it left alone is the caller's own.</summary>
public class BoundArgumentTests
{
    [Test]
    public async Task Modify_CollectionWithoutASetter_KeepsIt()
    {
        var mail = new Mail { Subject = "old", To = { "ada@x" }, Headers = { ["a"] = "b" } };

        var got = (Mail)(await RunsWith(
            """{"mail":{"To":["ada@x"],"Headers":{"a":"b"},"Subject":"new"}}""", got => (Mail mail) => got.Add(mail), mail))[0]!;

        Assert.That((got.Subject, got.To, got.Headers["a"]), Is.EqualTo(("new", (List<string>)["ada@x"], "b")));
    }

    [Test]
    public async Task Modify_MemberThatCannotBeSet_IsBlocked()
    {
        await IsBlocked("""{"value":{"Ids":[1],"Name":"new"}}""", got => (ReadOnlyIds value) => got.Add(value), new ReadOnlyIds([1]) { Name = "old" });
        await IsBlocked("""{"value":{"Twice":2,"A":5}}""", got => (Computed value) => got.Add(value), new Computed { A = 1 });
    }

    [Test]
    public async Task Modify_Stack_KeepsTheOrderOrIsBlocked() =>
        await IsBlocked(
            """{"stack":["top","other","bottom"]}""", got => (Stack<string> stack) => got.Add(stack), new Stack<string>(["bottom", "middle", "top"]));

    [Test]
    public async Task Modify_ThatWouldLoseARuntimeType_IsBlocked()
    {
        Transfer[] transfers = [new(), new InstantTransfer { Id = 2 }];
        const string Modified = """{"batch":{"Note":"new","Transfers":[{"Id":0},{"Id":2}]}}""";

        await IsBlocked(Modified, got => (Batch batch) => got.Add(batch), new Batch { Transfers = [.. transfers] });
        await IsBlocked("""{"batch":{"Any":"x","Note":"new"}}""", got => (Anything batch) => got.Add(batch), new Anything { Any = 'x' });
        await IsBlocked("""{"v":{"Shape":{"A":1},"Note":"new"}}""", got => (Drawing v) => got.Add(v), new Drawing { Shape = new Square { A = 1 } });
        await IsBlocked(
            """{"v":{"Items":["a"],"Note":"n"}}""", got => (Listed v) => got.Add(v), new Listed { Items = new OwnList { "a" } });
    }

    [Test]
    public async Task Modify_ThatWouldLoseTheTypeOfAKey_IsBlocked()
    {
        await IsBlocked("""{"v":{"0":"a","1":"b"}}""", got => (Hashtable v) => got.Add(v), new Hashtable { [0] = "a" });
        await IsBlocked(
            """{"v":[{"Value":{"0":"a"}},{"Value":{"k":"new"}}]}""", got => (IEnumerable<Held> v) => got.Add(v),
            (object)new Held[] { new() { Value = new Hashtable { [0] = "a" } }, new() { Value = new Hashtable { ["k"] = "old" } } });
        await RunsWith("""{"v":{"k":"new"}}""", got => (Hashtable v) => got.Add(v), new Hashtable { ["k"] = "old" });
    }

    [Test]
    public async Task Modify_ThatWouldLoseAComparer_IsBlocked()
    {
        await IsBlocked("""{"v":["a","b"]}""", got => (HashSet<string> v) => got.Add(v), new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" });
        await IsBlocked(
            """{"v":{"a":2}}""", got => (Dictionary<string, int> v) => got.Add(v), new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 });
        await IsBlocked(
            """{"v":["a","b"]}""", got => (ImmutableHashSet<string> v) => got.Add(v), ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, "a"));
        await IsBlocked(
            """{"v":["b"]}""", got => (ICollection<string> v) => got.Add(v), new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" });
        await RunsWith("""{"v":["a","b"]}""", got => (HashSet<string> v) => got.Add(v), new HashSet<string>(StringComparer.Ordinal) { "a" });
    }

    [Test]
    public async Task Modify_CollectionBehindItsInterface_IsBound()
    {
        Delegate Tool(List<object?> got) => (Ids ids) => got.Add(ids);

        foreach (IReadOnlyList<int> list in (IReadOnlyList<int>[])[[1, 2], new List<int> { 1, 2 }, new[] { 1, 2 }, ImmutableList.Create(1, 2)])
        {
            var got = (Ids)(await RunsWith("""{"ids":{"Values":[1,3]}}""", Tool, new Ids(list)))[0]!;

            Assert.That(got.Values, Is.EqualTo([1, 3]));
        }
    }

    [Test]
    public async Task Modify_OneArgument_LeavesTheOthersToTheCaller()
    {
        var (list, stack, odd) = (new List<int> { 1 }, new Stack<int>([1, 2]), new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" });

        var got = await RunsWith(
            """{"text":"new","list":[1],"stack":[2,1],"odd":["a"]}""",
            got => (string text, List<int> list, Stack<int> stack, HashSet<string> odd) => got.AddRange([text, list, stack, odd]), "old", list, stack, odd);

        Assert.That(got[0], Is.EqualTo("new"));
        Assert.That((got[1], got[2], got[3]), Is.EqualTo(((object)list, (object)stack, (object)odd)));
        Assert.That(got[1], Is.SameAs(list));
    }

    [Test]
    public async Task Modify_OneArgumentWhileTheCallerChangesAnother_IsBlocked()
    {
        await using var host = WrappedTools.Host();
        var list = new List<int> { 1 };
        host.Enforcer.Decide = _ =>
        {
            list.Add(999);
            return ScriptedEnforcer.Modify("""{"text":"new","list":[1]}""");
        };
        var ran = false;
        var tool = host.Wrap((string text, List<int> list) => { ran = true; });

        var exception = Assert.Throws<PolicyViolationException>(() => tool("old", list));

        Assert.That(ran, Is.False);
        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsChanged));
        Assert.That(exception.Message, Does.Contain("'list[1]'"));
    }

    [Test]
    public async Task Modify_NumberThatTheTypeCannotHold_IsBlocked()
    {
        await IsBlocked("""{"d":0.12345678901234567890}""", got => (double d) => got.Add(d), 1.0);
        await IsBlocked("""{"f":16777217}""", got => (float f) => got.Add(f), 1f);
        await IsBlocked("""{"v":{"A":9007199254740993}}""", got => (WithDouble v) => got.Add(v), new WithDouble { A = 1 });
        Assert.That(await RunsWith("""{"d":1e2}""", got => (double d) => got.Add(d), 1.0), Is.EqualTo(new object[] { 100.0 }));
        Assert.That(await RunsWith("""{"d":1.50}""", got => (decimal d) => got.Add(d), 1m), Is.EqualTo(new object[] { 1.5m }));
    }

    [Test]
    public async Task Modify_TextInAnotherSpelling_IsBound()
    {
        var id = Guid.NewGuid();
        var got = (Spelt)(await RunsWith(
            $$"""{ "v": { "At": "2026-01-02T03:04:05.100Z", "Id": "{{id.ToString().ToUpperInvariant()}}", "Day": "friday" } }""",
            got => (Spelt v) => got.Add(v), new Spelt()))[0]!;

        Assert.That((got.At, got.Id, got.Day), Is.EqualTo((new DateTimeOffset(2026, 1, 2, 3, 4, 5, 100, TimeSpan.Zero), id, DayOfWeek.Friday)));
        await IsBlocked("""{"v":{"At":"2026-01-02T03:04:05.123456789Z"}}""", got => (Spelt v) => got.Add(v), new Spelt());
    }

    [Test]
    public async Task Modify_ValuesBehindObject_KeepTheirTypes()
    {
        Delegate Tool(List<object?> got) => (int id, Dictionary<string, object?> map) => got.Add(map);

        var got = (Dictionary<string, object?>)(await RunsWith(
            """{"id":1,"map":{"q":"new","n":2,"b":false,"z":null}}""",
            Tool, 1, new Dictionary<string, object?> { ["q"] = "old", ["n"] = 1, ["b"] = true, ["z"] = null }))[0]!;

        Assert.That((got["q"], got["n"], got["b"], got["z"]), Is.EqualTo(((object)"new", (object)2, (object)false, (object?)null)));
        got = (Dictionary<string, object?>)(await RunsWith(
            """{"id":1,"map":{"q":"new"}}""", Tool, 1, new Dictionary<string, object?> { ["q"] = WrappedTools.Json("\"old\"") }))[0]!;
        Assert.That(got["q"], Is.InstanceOf<JsonElement>());
        await IsBlocked(
            """{"id":1,"map":{"q":"new","r":"x"}}""", Tool, 1, new Dictionary<string, object?> { ["q"] = WrappedTools.Json("\"old\""), ["r"] = "x" });
        await IsBlocked("""{"id":1,"map":{"q":"new","at":"2026-01-02T00:00:00"}}""", Tool, 1, new Dictionary<string, object?> { ["q"] = "old", ["at"] = new DateTime(2026, 1, 2) });
    }

    [Test]
    public async Task Modify_ArgumentWithAValueThatWasNeverSet_BindsItBack()
    {
        var got = (Unset)(await RunsWith(
            """{"v":{"Ids":null,"Filter":null,"Name":"new"}}""", got => (Unset v) => got.Add(v), new Unset { Name = "old" }))[0]!;

        Assert.That((got.Ids.IsDefault, got.Filter.ValueKind, got.Name), Is.EqualTo((true, JsonValueKind.Undefined, "new")));
        got = (Unset)(await RunsWith(
            """{"v":{"Ids":[1],"Filter":null,"Name":"new"}}""",
            got => (Unset v) => got.Add(v), new Unset { Ids = [1], Filter = WrappedTools.Json("null"), Name = "old" }))[0]!;
        Assert.That((got.Ids, got.Filter.ValueKind), Is.EqualTo(((ImmutableArray<int>)[1], JsonValueKind.Null)).Using<ImmutableArray<int>>((a, b) => a.SequenceEqual(b)));

        var kept = await RunsWith(
            """{"name":"new","arguments":null}""", got => (string name, JsonElement arguments) => got.AddRange([name, arguments.ValueKind]), "old", default(JsonElement));
        Assert.That(kept, Is.EqualTo(new object[] { "new", JsonValueKind.Undefined }));
    }

    [Test]
    public async Task Modify_OptionalStructLeftOut_IsItsDefaultAndNotWhatItsConstructorMakes()
    {
        var got = await RunsWith("""{"s":"new"}""", got => (string s, Odd odd = default) => got.AddRange([s, odd.X]), "old", new Odd { X = 9 });

        Assert.That(got, Is.EqualTo(new object[] { "new", 0 }));
    }

    [Test]
    public async Task Modify_JsonWithANameTwice_IsBlocked()
    {
        await IsBlocked("""{"id":1,"v":{"a":1,"a":2}}""", got => (int id, JsonElement v) => got.Add(v), 1, WrappedTools.Json("1"));
        await IsBlocked("""{"id":1,"v":{"a":{"x":1,"x":2}}}""", got => (int id, JsonNode v) => got.Add(v), 1, JsonNode.Parse("{}"));
        await IsBlocked("""{"id":1,"v":{"a":{"x":1,"x":2}}}""", got => (int id, Dictionary<string, object> v) => got.Add(v), 1, new Dictionary<string, object>());
        await IsBlocked("""{"a":{"x":1,"x":2}}""", got => (JsonElement v) => got.Add(v), WrappedTools.Json("""{"a":1}"""));
    }

    [Test]
    public async Task Modify_SetterThatChangesWhatItGets_IsBlocked() =>
        await IsBlocked("""{"v":{"Name":"Ada"}}""", got => (Lower v) => got.Add(v), new Lower { Name = "bob" });

    [Test]
    public async Task Copy_ThatWouldLoseSomething_IsBlockedUnasked()
    {
        await using var host = WrappedTools.Host();
        using (Assert.EnterMultipleScope())
        {
            Blocked((List<Transfer> value) => { }, [new InstantTransfer()]);
            Blocked((Stack<int> value) => { }, new Stack<int>([1, 2]));
            Blocked((HashSet<string> value) => { }, new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a" });
            Blocked((JsonObject value) => { }, new JsonObject(new JsonNodeOptions { PropertyNameCaseInsensitive = true }) { ["a"] = 1 }, second: true);
        }

        Assert.That(host.Enforcer.Requests, Is.Empty);

        void Blocked<T>(Action<T> tool, T value, bool second = false)
        {
            var governed = host.Get<IToolGovernor>().WrapTool("t", second ? (Action<int, T>)((_, it) => tool(it)) : (_, it) => tool(it), new() { Arguments = ArgumentIsolation.Copy });
            var exception = Assert.Throws<PolicyViolationException>(() => governed(1, value), typeof(T).Name);
            Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
            Assert.That(exception.Message, Does.Contain("without loss"));
        }
    }

    [Test]
    public async Task Copy_WithModify_RunsOnWhatWasDecided()
    {
        await using var host = WrappedTools.Host();
        var list = new List<int> { 1 };
        host.Enforcer.Decide = _ =>
        {
            list.Add(999);
            return ScriptedEnforcer.Modify("""{"text":"new","list":[1]}""");
        };
        var tool = host.Wrap((string text, List<int> list) => (text, list.ToArray()), new() { Arguments = ArgumentIsolation.Copy });

        var (text, got) = tool("old", list);

        Assert.That(text, Is.EqualTo("new"));
        Assert.That(got, Is.EqualTo([1]));
    }

    private sealed class Held
    {
        public Hashtable? Value { get; set; }
    }

    private sealed class Mail
    {
        public List<string> To { get; } = [];

        public Dictionary<string, string> Headers { get; } = [];

        public string? Subject { get; set; }
    }

    private sealed class ReadOnlyIds(int[] ids)
    {
        public ReadOnlyIds()
            : this([])
        {
        }

        public IReadOnlyList<int> Ids { get; } = ids;

        public string? Name { get; set; }
    }

    private sealed class Computed
    {
        public int A { get; set; }

        public int Twice => A * 2;
    }

    private class Transfer
    {
        public int Id { get; set; }
    }

    private sealed class InstantTransfer : Transfer;

    private sealed class Batch
    {
        public List<Transfer> Transfers { get; set; } = [];

        public string? Note { get; set; }
    }

    private sealed class Anything
    {
        public object? Any { get; set; }

        public string? Note { get; set; }
    }

    [JsonDerivedType(typeof(Square))]
    private class Figure
    {
        public int A { get; set; }
    }

    private sealed class Square : Figure;

    private sealed class Drawing
    {
        public Figure? Shape { get; set; }

        public string? Note { get; set; }
    }

    private sealed class OwnList : List<string>;

    private sealed class Listed
    {
        public List<string>? Items { get; set; }

        public string? Note { get; set; }
    }

    private sealed record Ids(IReadOnlyList<int> Values);

    private sealed class WithDouble
    {
        public double A { get; set; }
    }

    private sealed class Spelt
    {
        public DateTimeOffset At { get; set; }

        public Guid Id { get; set; }

        public DayOfWeek Day { get; set; }
    }

    private sealed record Unset
    {
        public ImmutableArray<int> Ids { get; init; }

        public JsonElement Filter { get; init; }

        public string? Name { get; init; }
    }

    private struct Odd
    {
        public int X;

        public Odd() => X = 5;
    }

    private sealed class Lower
    {
        public string? Name { get; set => field = value?.ToLowerInvariant(); }
    }
}
