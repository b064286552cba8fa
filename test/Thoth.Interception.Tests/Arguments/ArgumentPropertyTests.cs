using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Thoth.Interception.Arguments;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

public class ArgumentPropertyTests
{
    public sealed record Graph(
        int Number, string? Text, decimal Money, DateTime At, Guid? Id, List<int> Numbers, Dictionary<string, string?> Map, (int, bool) Pair, DayOfWeek Day,
        object? Anything, Graph? Inner);

    private static readonly Gen<string?> s_text = ArbMap.Default.GeneratorFor<NonNull<string>>()
        .Select(text => (string?)new string([.. text.Get.Where(c => !char.IsSurrogate(c))]));

    private static readonly Gen<JsonElement> s_json = JsonOf(3);

    /// <summary>Whatever the enforcer received, serialized, is what the tool got, and the caller's own object.</summary>
    [FsCheck.NUnit.Property(MaxTest = 200)]
    public Property AnyGraph_EnforcerAndTool_SeeTheSame() => Prop.ForAll(Arb.From(Gen.Sized(GraphOf)), graph => SeesTheSame(graph, ArgumentIsolation.Verify));

    /// <summary>Any JSON object as modified arguments is bound completely or blocks; the original arguments never run.</summary>
    [FsCheck.NUnit.Property(MaxTest = 400)]
    public Property AnyObject_AsModifiedArguments_IsBoundOrBlocked() => Prop.ForAll(Arb.From(ModifiedArguments()), modified =>
    {
        var host = WrappedTools.Host();
        host.Enforcer.Decide = _ => new() { Type = DecisionType.Modify, ModifiedToolArgs = modified };
        var ran = 0;
        var tool = host.Wrap((string query, int limit = 7, Graph? graph = null, params string[] tags) =>
        {
            ran++;
            Assert.That(query, Is.Not.EqualTo("original"));
            Assert.That(limit, Is.Not.EqualTo(int.MinValue));
            Assert.That(tags, Does.Not.Contain("original"));
        });
        try
        {
            tool("original", int.MinValue, null, "original");
            return ran == 1;
        }
        catch (PolicyViolationException exception)
        {
            return ran == 0 && exception.SdkReasonCode == SdkReasonCodes.ModifyNotApplicable;
        }
    });

    /// <summary>The same for a tool that takes the arguments object itself: every object that is not empty fits, and a list of one.</summary>
    [FsCheck.NUnit.Property(MaxTest = 100)]
    public Property AnyObject_ForAToolThatTakesTheObject_Replaces() => Prop.ForAll(Arb.From(ModifiedArguments()), modified =>
    {
        var host = WrappedTools.Host();
        host.Enforcer.Decide = _ => new() { Type = DecisionType.Modify, ModifiedToolArgs = modified };
        string? got = null;
        var tool = host.Wrap((JsonElement arguments) => { got = arguments.GetRawText(); });
        try
        {
            tool(WrappedTools.Json("{\"original\":true}"));
            return got == Expected(modified)?.GetRawText();
        }
        catch (PolicyViolationException)
        {
            return got is null && Expected(modified) is null;
        }
    });

    private static bool SeesTheSame(Graph graph, ArgumentIsolation isolation)
    {
        var host = WrappedTools.Host();
        Graph? got = null;
        host.Wrap((Graph value) => { got = value; }, new WrappedToolOptions { Arguments = isolation })(graph);
        var shown = JsonDocument.Parse(host.LastArguments).RootElement.GetProperty("value").GetRawText();
        return ReferenceEquals(got, graph) && shown == WrappedTools.Shown(got!) && shown.Contains($"\"Number\":{graph.Number}", StringComparison.Ordinal)
            && JsonElement.DeepEquals(JsonDocument.Parse(shown).RootElement, JsonSerializer.SerializeToElement(graph, ArgumentJson.Default.Writing));
    }

    private static Gen<Graph> GraphOf(int size) =>
        from number in ArbMap.Default.GeneratorFor<int>()
        from text in s_text
        from money in ArbMap.Default.GeneratorFor<decimal>()
        from at in ArbMap.Default.GeneratorFor<DateTime>()
        from id in ArbMap.Default.GeneratorFor<Guid?>()
        from numbers in ArbMap.Default.GeneratorFor<List<int>>()
        from keys in Few(s_text)
        from inner in size < 2 ? Gen.Constant<Graph?>(null) : GraphOf(size / 4).Select(graph => (Graph?)graph)
        from json in s_json
        select new Graph(
            number, text, money, at, id, numbers ?? [], keys.Distinct().ToDictionary(key => key!, key => (string?)key), (number, true), DayOfWeek.Friday,
            json, inner);

    private static Gen<JsonElement> ModifiedArguments() =>
        from names in Few(Gen.Elements("query", "limit", "graph", "tags", "args", "kwargs", "input", "arg0", "arg1", "other"))
        from values in JsonOf(2).ListOf(names.Count)
        select ObjectOf(names, values);

    private static Gen<List<T>> Few<T>(Gen<T> items) => Gen.Choose(0, 4).SelectMany(count => items.ListOf(count)).Select(list => list.ToList());

    private static Gen<JsonElement> JsonOf(int depth)
    {
        var leaf = Gen.OneOf(
            ArbMap.Default.GeneratorFor<int>().Select(value => JsonSerializer.SerializeToElement(value)),
            s_text.Select(value => JsonSerializer.SerializeToElement(value)),
            Gen.Elements("null", "true", "1.5", "1e400", "\"Friday\"").Select(WrappedTools.Json));
        if (depth == 0)
        {
            return leaf;
        }

        var inner = JsonOf(depth - 1);
        return Gen.OneOf(
            leaf,
            Few(inner).Select(items => JsonSerializer.SerializeToElement(items)),
            from names in Few(Gen.Elements("Number", "Text", "query", "limit", "x"))
            from values in inner.ListOf(names.Count)
            select ObjectOf(names, values));
    }

    private static JsonElement ObjectOf(IEnumerable<string> names, IEnumerable<JsonElement> values)
    {
        var members = new Dictionary<string, JsonElement>();
        foreach (var (name, value) in names.Zip(values))
        {
            members[name] = value;
        }

        return JsonSerializer.SerializeToElement(members);
    }

    /// <summary>Contract §4: "args" and nothing else is a list of positions, and the tool has one.</summary>
    private static JsonElement? Expected(JsonElement modified)
    {
        var keys = modified.EnumerateObject().Select(property => property.Name).Except(["kwargs"]).ToArray();
        if (keys is ["args"] && modified.GetProperty("args") is { ValueKind: JsonValueKind.Array } list)
        {
            // Named arguments count where they are an object, and this tool has none of their names.
            var names = modified.TryGetProperty("kwargs", out var named) && named is { ValueKind: JsonValueKind.Object } && named.GetPropertyCount() > 0;
            return list.GetArrayLength() == 1 && !names ? list[0] : null;
        }

        return modified.GetPropertyCount() == 0 ? null : modified;
    }
}
