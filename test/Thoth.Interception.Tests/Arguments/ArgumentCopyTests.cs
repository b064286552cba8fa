using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

public class ArgumentCopyTests
{
    private static readonly WrappedToolOptions s_copy = new() { Arguments = ArgumentIsolation.Copy };

    public interface IMixedTools
    {
        [GovernedTool(Arguments = ArgumentIsolation.Copy)]
        List<int> Copied(List<int> ids);

        List<int> Verified(List<int> ids);
    }

    public interface ICopiedTools
    {
        List<int> Copied(List<int> ids);

        [GovernedTool(Arguments = ArgumentIsolation.Verify)]
        List<int> Verified(List<int> ids);
    }

    public interface ILossyTools
    {
        void Send(object payload);
    }

    [Test]
    public async Task Copy_PerMethod_GivesTheToolOtherObjectsThanTheCallers()
    {
        await using var host = GovernedHost.For<IMixedTools>(new Tools());
        var ids = new List<int> { 1 };

        Assert.That(host.Get<IMixedTools>().Copied(ids), Is.EqualTo(ids).And.Not.SameAs(ids));
        Assert.That(host.Get<IMixedTools>().Verified(ids), Is.SameAs(ids));
    }

    [Test]
    public async Task Copy_PerInterface_HoldsUnlessTheMethodSaysOtherwise()
    {
        await using var host = GovernedHost.For<ICopiedTools>(new Tools(), govern: options => options.Arguments = ArgumentIsolation.Copy);
        var ids = new List<int> { 1 };

        Assert.That(host.Get<ICopiedTools>().Copied(ids), Is.EqualTo(ids).And.Not.SameAs(ids));
        Assert.That(host.Get<ICopiedTools>().Verified(ids), Is.SameAs(ids));
    }

    [Test]
    public async Task Copy_ArgumentChangedWhilePending_RunsOnWhatWasApproved()
    {
        await using var host = WrappedTools.Host();
        var decision = new TaskCompletionSource<EnforcementDecision>();
        host.Enforcer.DecideAsync = (_, _) => new(decision.Task);
        var ids = new List<int> { 1 };
        var tool = host.Wrap((List<int> values, string name) => Task.FromResult(values.ToArray()), s_copy);

        var call = tool(ids, "a");
        ids.Add(999);
        decision.SetResult(ScriptedEnforcer.Allow);

        Assert.That(await call, Is.EqualTo([1]));
    }

    [Test]
    public async Task Copy_ToolThatWritesIntoItsArguments_DoesNotReachTheCaller()
    {
        await using var host = WrappedTools.Host();
        var ids = new List<int> { 1 };

        host.Wrap((List<int> values) => values.Clear(), s_copy)(ids);

        Assert.That(ids, Is.EqualTo([1]));
    }

    [Test]
    public async Task Copy_EveryKindOfData_ComesBackAsItWas()
    {
        await using var host = WrappedTools.Host();
        var note = new Note { Text = "a", Tags = { "x" }, At = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), Kind = DayOfWeek.Friday };
        var json = WrappedTools.Json("""{"a":null}""");
        var tool = host.Wrap(
            (Note value, (int, List<string>) pair, JsonElement element, JsonElement nothing, JsonNode? node, byte[] bytes, Dictionary<string, Note?> map,
                Memory<byte> memory) => (value, pair, element, nothing, node, bytes, map, memory),
            s_copy);

        var got = tool(
            note, (1, ["b"]), json, WrappedTools.Json("null"), new JsonArray(1), [1, 2], new() { ["k"] = note, ["n"] = null }, new byte[] { 3 });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(JsonSerializer.Serialize(got.value), Is.EqualTo(JsonSerializer.Serialize(note)));
            Assert.That(got.value, Is.Not.SameAs(note));
            Assert.That(got.pair.Item2, Is.EqualTo(["b"]));
            Assert.That(got.element.GetRawText(), Is.EqualTo("""{"a":null}"""));
            Assert.That(got.nothing.ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(got.node!.ToJsonString(), Is.EqualTo("[1]"));
            Assert.That(got.bytes, Is.EqualTo(new byte[] { 1, 2 }));
            Assert.That(got.map["n"], Is.Null);
            Assert.That(got.map["k"], Is.Not.SameAs(note));
            Assert.That(got.memory.ToArray(), Is.EqualTo(new byte[] { 3 }));
        }
    }

    [Test]
    public async Task Copy_ImmutableAndOpaqueArguments_AreTheCallersOwn()
    {
        await using var host = WrappedTools.Host();
        var (text, stream, source) = (new string('a', 3), new MemoryStream(), new CancellationTokenSource());
        var tool = host.Wrap((string name, Stream content, CancellationToken token) => (name, content, token), s_copy);

        var got = tool(text, stream, source.Token);

        Assert.That(got.name, Is.SameAs(text));
        Assert.That(got.content, Is.SameAs(stream));
        Assert.That(got.token, Is.EqualTo(source.Token));
    }

    [Test]
    public async Task Copy_BaseTypedParameter_GetsTheCallersType()
    {
        await using var host = WrappedTools.Host();
        var tool = host.Wrap((ArgumentWritingTests.Payment payment) => payment, s_copy);

        var got = tool(new ArgumentWritingTests.CardPayment { Amount = 1, Number = "4111" });

        Assert.That(got, Is.InstanceOf<ArgumentWritingTests.CardPayment>().With.Property("Number").EqualTo("4111"));
    }

    [Test]
    public async Task Copy_ValueThatLosesSomethingOnTheWay_IsBlocked()
    {
        await using var host = WrappedTools.Host();
        var ran = false;
        var tool = host.Wrap((List<ArgumentWritingTests.Payment> payments) => { ran = true; }, s_copy);

        var exception = Assert.Throws<PolicyViolationException>(() => tool([new ArgumentWritingTests.CardPayment { Number = "4111" }]));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
        Assert.That(ran, Is.False);
    }

    [Test]
    public async Task Copy_ValueThatItsOwnSetterChanges_IsBlocked()
    {
        await using var host = WrappedTools.Host();
        var ran = false;
        var tool = host.Wrap((Counting value) => { ran = true; }, s_copy);

        var exception = Assert.Throws<PolicyViolationException>(() => tool(new() { Count = 1 }));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
        Assert.That(ran, Is.False);
    }

    [Test]
    public async Task Copy_TypeMadeByItsConstructorAlone_ComesBack()
    {
        await using var host = WrappedTools.Host();
        var pair = new Pair("a", ["b"]);

        var got = host.Wrap((Pair value) => value, s_copy)(pair);

        Assert.That(got, Is.Not.SameAs(pair));
        Assert.That((got.Left, got.Right), Is.EqualTo(("a", (string[])["b"])));
    }

    [Test]
    public async Task Copy_TypeThatContainsItself_ComesBack()
    {
        await using var host = WrappedTools.Host();
        var tree = new Branch { Name = "root", Branches = { new() { Name = "leaf" } } };

        var got = host.Wrap((Branch value) => value, s_copy)(tree);

        Assert.That(got.Branches[0], Is.Not.SameAs(tree.Branches[0]));
        Assert.That(got.Branches[0].Name, Is.EqualTo("leaf"));
    }

    [Test]
    public async Task Copy_MemberThatCanOnlyBeWritten_IsNoObstacle()
    {
        await using var host = WrappedTools.Host();

        Assert.That(host.Wrap((WriteOnly value) => value.Name, s_copy)(new() { Name = "a" }), Is.EqualTo("a"));
    }

    [Test]
    public async Task Copy_ArgumentsObject_IsCopiedWhole()
    {
        await using var host = WrappedTools.Host();
        var arguments = new Dictionary<string, int> { ["a"] = 1 };

        var got = host.Wrap((Dictionary<string, int> arguments) => arguments, s_copy)(arguments);

        Assert.That(got, Is.EqualTo(arguments).And.Not.SameAs(arguments));
    }

    [Test]
    public async Task Copy_ConstructorThatThrows_IsBlocked()
    {
        await using var host = WrappedTools.Host();
        var picky = new Picky(1);
        Picky.Refuses = true;
        var tool = host.Wrap((Picky value) => { }, s_copy);

        var exception = Assert.Throws<PolicyViolationException>(() => tool(picky));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
    }

    [Test]
    public void Copy_TypeThatDoesNotRoundTrip_IsRefusedAtRegistration()
    {
        var services = new ServiceCollection().AddSingleton<ILossyTools>(new Tools());

        Assert.That(
            () => services.AddGovernedTools<ILossyTools>(options => options.Arguments = ArgumentIsolation.Copy),
            Throws.InvalidOperationException.With.Message.Contains("'payload'").And.Message.Contains("Send").And.Message.Contains("Verify"));
    }

    [Test]
    public async Task Copy_WrappedFunctionWithLossyTypes_IsRefusedWhenWrapped()
    {
        await using var host = WrappedTools.Host();

        using (Assert.EnterMultipleScope())
        {
            Refused((object value) => { }, "'System.Object' is not a data type");
            Refused((Computed value) => { }, "Computed.Twice' cannot be set");
            Refused((List<Computed> value) => { }, "Computed.Twice' cannot be set");
            Refused((Dictionary<string, Computed> value) => { }, "Computed.Twice' cannot be set");
            Refused((NoConstructor value) => { }, "NoConstructor.Other' cannot be set");
            Refused((Holder value) => { }, "'System.IO.Stream' is not a data type");
            Refused((IEnumerable<object> value) => { }, "'System.Object' is not a data type");
            Refused((System.Collections.ArrayList value) => { }, "'System.Object' is not a data type");
            Refused((ImmutableHolder value) => { }, "'System.Object' is not a data type");
            Refused((INumbers value) => { }, "INumbers' cannot be read from JSON");
            Refused((TwoConstructors value) => { }, "TwoConstructors' can never be shown");
            Refused((INamed value) => { }, "INamed' cannot be constructed");
        }

        void Refused(Delegate tool, string why) => Assert.That(
            () => host.Get<IToolGovernor>().WrapTool("lossy", tool, s_copy),
            Throws.ArgumentException.With.Message.Contains("'value'").And.Message.Contains(why), tool.Method.GetParameters()[0].ParameterType.Name);
    }

    private sealed class Tools : IMixedTools, ICopiedTools, ILossyTools
    {
        public List<int> Copied(List<int> ids) => ids;

        public List<int> Verified(List<int> ids) => ids;

        public void Send(object payload)
        {
        }
    }

    private sealed class Note
    {
        public string? Text { get; set; }

        public List<string> Tags { get; init; } = [];

        public DateTime At { get; set; }

        public DayOfWeek Kind { get; set; }
    }

    private sealed record Pair(string Left, List<string> Right);

    private sealed class Branch
    {
        public string? Name { get; set; }

        public List<Branch> Branches { get; init; } = [];
    }

    private sealed class WriteOnly
    {
        public string? Name { get; set; }

        public Action Done
        {
            set => value();
        }
    }

    public interface INumbers : IList<int>;

    public interface INamed
    {
        string Name { get; set; }
    }

    public class TwoConstructors
    {
        [JsonConstructor]
        public TwoConstructors()
        {
        }

        [JsonConstructor]
        public TwoConstructors(int a) => A = a;

        public int A { get; set; }
    }

    private sealed class Counting
    {
        public int Count { get; set => field = value + 1; }
    }

    private sealed class Computed
    {
        public int A { get; set; }

        public int Twice => A * 2;
    }

    private sealed class NoConstructor
    {
        [JsonConstructor]
        private NoConstructor(string other) => Other = new List<int>(other.Length);

        public List<int> Other { get; }
    }

    private sealed class Holder
    {
        public Stream? Content { get; set; }
    }

    private sealed class ImmutableHolder
    {
        public List<object> Values { get; set; } = [];
    }

    private sealed class Picky
    {
        private int _number;

        public Picky(int number)
        {
            _number = !Refuses ? number : throw new FormatException();
        }

        public static bool Refuses { get; set; }

        public int Number
        {
            get => _number;
            set => _number = value;
        }
    }
}
