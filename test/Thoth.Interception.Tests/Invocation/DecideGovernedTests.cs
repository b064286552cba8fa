using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

/// <summary>Decided calls of tools that a governed interface has: decided as through the interface, and not a second time when they run through it.</summary>
public class DecideGovernedTests
{
    private static readonly string[] s_once = ["ToolCallPre/Pre", "ToolCallPost/Post"];

    public sealed record Filter(string City, int[] Ids);

    public class Options
    {
        public string? Name { get; set; }
    }

    public interface IOrderTools
    {
        [GovernedTool(Action = ToolAction.Delete)]
        Task<string> DeleteOrderAsync(string order, [Sensitive] string pin, int times = 1, CancellationToken cancellationToken = default);

        string Find(int id);

        string Find(string name, int limit = 10);

        string Search(Filter filter, Options? options = null);

        string Copy(List<string> names);

        string Upload(Stream file, string name);

        string Print<T>(T value, [Sensitive] string pin);

        Task<string> OuterAsync(string order);

        IEnumerable<int> Count(int to);

        IAsyncEnumerable<int> TickAsync(int to);
    }

    private sealed class OrderTools : IOrderTools
    {
        public List<string> Runs { get; } = [];

        public IOrderTools? Proxy { get; set; }

        public Task<string> DeleteOrderAsync(string order, string pin, int times, CancellationToken cancellationToken) =>
            Task.FromResult(Ran($"delete {order} {pin} {times}"));

        public string Find(int id) => Ran($"id {id}");

        public string Find(string name, int limit) => Ran($"name {name} {limit}");

        public string Search(Filter filter, Options? options) => Ran($"search {filter.City} {filter.Ids.Length} {options?.Name}");

        public List<string>? LastNames { get; private set; }

        public string Copy(List<string> names) => Ran($"copy {string.Join(',', LastNames = names)}");

        public string Upload(Stream file, string name) => Ran($"upload {file.Length} {name}");

        public string Print<T>(T value, string pin) => Ran($"print {value}");

        public async Task<string> OuterAsync(string order) => Ran("outer") + await Proxy!.DeleteOrderAsync(order, "1");

        public IEnumerable<int> Count(int to)
        {
            Ran($"count {to}");
            yield return to;
        }

        public async IAsyncEnumerable<int> TickAsync(int to)
        {
            Ran($"count {to}");
            await Task.Yield();
            yield return to;
        }

        private string Ran(string what)
        {
            Runs.Add(what);
            return what;
        }
    }

    [Test]
    public async Task ByName_IsDecidedAsThroughTheInterface()
    {
        await using var host = Host(out _);
        await host.Get<IOrderTools>().DeleteOrderAsync("A-1", "1234");
        var through = host.Enforcer.LastRequest;
        var arguments = host.LastArguments;

        using var decision = await DecideAsync(host, "delete_order", """{"pin":"1234","order":"A-1"}""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.LastArguments, Is.EqualTo(arguments));
            Assert.That((host.Enforcer.LastRequest.ToolName, host.Enforcer.LastRequest.Action), Is.EqualTo((through.ToolName, through.Action)));
            Assert.That(decision.Arguments, Is.EqualTo(new Dictionary<string, object?> { ["order"] = "A-1", ["pin"] = "1234", ["times"] = 1 }));
        }

        foreach (var e in await host.EventsAsync())
        {
            Assert.That(Encoding.UTF8.GetString(e.CapturedArguments.Span), Does.Not.Contain("1234").And.Contain("***"));
        }
    }

    [Test]
    public async Task ByMethod_OfTheInterfaceTheClassAndTheProxy_IsTheTool()
    {
        await using var host = Host(out _);
        foreach (var type in new[] { typeof(IOrderTools), typeof(OrderTools), host.Get<IOrderTools>().GetType() })
        {
            var method = type.GetMethod(nameof(IOrderTools.DeleteOrderAsync))!;
            using var decision = await host.Get<IToolGovernor>().DecideAsync(
                new ToolDescriptor("other") { Method = method }, Json("""{"order":"A-1","pin":"1"}"""));
            Assert.That(host.Enforcer.LastRequest.ToolName, Is.EqualTo("delete_order"), type.Name);
        }

        using var other = await host.Get<IToolGovernor>().DecideAsync(new("x") { Method = typeof(string).GetMethod("Clone") }, Json("{}"));
        Assert.That(host.Enforcer.LastRequest.ToolName, Is.EqualTo("x"), "a method that is no tool: the name counts");
    }

    [TestCase("find", """{"id":3}""", """{"id":3}""")]
    [TestCase("find", """{"name":"ada"}""", """{"name":"ada","limit":10}""")]
    [TestCase("search", """{"filter":{"City":"Bern","Ids":[1]},"options":{"Name":"x"}}""", """{"filter":{"City":"Bern","Ids":[1]},"options":{"Name":"x"}}""")]
    [TestCase("search", """{"filter":{"City":"Bern","Ids":[]}}""", """{"filter":{"City":"Bern","Ids":[]},"options":null}""")]
    public async Task Json_IsBoundToTheSignatureThatFits(string tool, string json, string shown)
    {
        await using var host = Host(out _);

        using var decision = await DecideAsync(host, tool, json);

        Assert.That(decision.Refusal, Is.Null);
        Assert.That(host.LastArguments, Is.EqualTo(shown));
    }

    [TestCase("delete_order", """{"order":"A-1"}""", "the argument 'pin' is missing")]
    [TestCase("delete_order", """{"order":"A-1","pin":"1","SECRET":1}""", "it takes 'order', 'pin', 'times'")]
    [TestCase("delete_order", """{"order":"A-1","pin":"1","times":"SECRET"}""", "the argument 'times' does not fit")]
    [TestCase("delete_order", """{"order":null,"pin":"1"}""", "the argument 'order' does not fit")]
    [TestCase("search", """{"filter":{"City":"SECRET","Ids":[],"More":1}}""", "the argument 'filter' does not fit")]
    [TestCase("find", """{"id":3,"name":"SECRET"}""", "it takes 'id'")]
    [TestCase("upload", """{"file":{},"name":"x"}""", "the argument 'file' does not fit")]
    public async Task JsonThatDoesNotFit_IsRefused_WithoutAValue(string tool, string json, string expected)
    {
        await using var host = Host(out var tools);

        using var decision = await DecideAsync(host, tool, json);

        Assert.That(((PolicyViolationException)decision.Refusal!).SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsNotSerializable));
        Assert.That(decision.ModelText, Does.Contain(expected).And.Not.Contain("SECRET"));
        Assert.That(decision.Refusal.ToString(), Does.Not.Contain("SECRET"));
        Assert.That(host.Enforcer.Requests, Is.Empty);
        Assert.That(tools.Runs, Is.Empty);
    }

    [Test]
    public async Task GenericTool_KeepsItsActionAndMasks()
    {
        await using var host = Host(out _);

        using var decision = await DecideAsync(host, "print", """{"value":1,"pin":"1234"}""");

        Assert.That(decision.MayRun, Is.True);
        foreach (var e in await host.EventsAsync())
        {
            Assert.That(Encoding.UTF8.GetString(e.CapturedArguments.Span), Is.EqualTo("""{"value":1,"pin":"***"}"""));
        }
    }

    [Test]
    public async Task Run_ThroughTheInterface_IsOneCall()
    {
        await using var host = Host(out var tools);
        using var decision = await DecideAsync(host, "delete_order", """{"order":"A-1","pin":"1"}""");

        var result = await decision.RunAsync((arguments, token) => host.Get<IOrderTools>().DeleteOrderAsync(
            (string)arguments["order"]!, (string)arguments["pin"]!, (int)arguments["times"]!, token));

        Assert.That(result, Is.EqualTo("delete A-1 1 1"));
        Assert.That(tools.Runs, Has.Count.EqualTo(1));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(host.Sessions.Current.ToolCalls, Is.EqualTo(["delete_order"]));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_once));
    }

    [Test]
    public async Task Run_Modified_WithTheDecisionsArguments_IsOneCall_AndWithTheOriginalOnesAnother()
    {
        await using var host = Host(out var tools);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Modify("""{"names":["a"]}""");
        using var first = await DecideAsync(host, "copy", """{"names":["a","b"]}""");
        await first.RunAsync((arguments, _) => Task.FromResult(host.Get<IOrderTools>().Copy((List<string>)arguments["names"]!)));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));

        using var second = await DecideAsync(host, "copy", """{"names":["a","b"]}""");
        await second.RunAsync((_, _) => Task.FromResult(host.Get<IOrderTools>().Copy(["a", "b"])));

        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(3));
        Assert.That(tools.Runs, Is.EqualTo(["copy a", "copy a"]));
    }

    [Test]
    public async Task Run_ArgumentsChangedSince_DoesNotRun()
    {
        await using var host = Host(out var tools, govern => govern.Arguments = ArgumentIsolation.Copy);
        using var decision = await DecideAsync(host, "copy", """{"names":["a"]}""");
        ((List<string>)decision.Arguments["names"]!).Add("b");

        var refused = await Assert.ThrowsAsync<PolicyViolationException>(
            () => decision.RunAsync((arguments, _) => Task.FromResult(host.Get<IOrderTools>().Copy((List<string>)arguments["names"]!))));

        Assert.That(refused!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsChanged));
        Assert.That(tools.Runs, Is.Empty);
    }

    [Test]
    public async Task Run_AnythingElse_IsDecidedAgain()
    {
        await using var host = Host(out var tools);
        var proxy = host.Get<IOrderTools>();
        using var decision = await DecideAsync(host, "delete_order", """{"order":"A-1","pin":"1"}""");
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;

        await decision.RunAsync(async (_, token) =>
        {
            await Assert.ThrowsAsync<PolicyViolationException>(() => proxy.DeleteOrderAsync("A-2", "1", 1, token));
            await Assert.ThrowsAsync<PolicyViolationException>(() => proxy.DeleteOrderAsync("A-1", "1", 2, token));
            Assert.That(() => proxy.Find(1), Throws.TypeOf<PolicyViolationException>());
            using (host.Sessions.GetOrStart("other").Enter())
            {
                await Assert.ThrowsAsync<PolicyViolationException>(() => proxy.DeleteOrderAsync("A-1", "1", 1, token));
            }

            await proxy.DeleteOrderAsync("A-1", "1", 1, token);
            return await Assert.ThrowsAsync<PolicyViolationException>(() => proxy.DeleteOrderAsync("A-1", "1", 1, token));
        });

        Assert.That(tools.Runs, Is.EqualTo(["delete A-1 1 1"]));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(6));
    }

    [Test]
    public async Task Run_NestedCallInTheTool_IsDecidedOnItsOwn()
    {
        await using var host = Host(out var tools);
        tools.Proxy = host.Get<IOrderTools>();
        using var decision = await DecideAsync(host, "outer", """{"order":"A-1"}""");

        await decision.RunAsync((_, _) => host.Get<IOrderTools>().OuterAsync("A-1"));

        Assert.That(host.Enforcer.Requests.Select(request => request.ToolName), Is.EqualTo(["outer", "delete_order"]));
        Assert.That(tools.Runs, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Permit_EndsWithTheRun_AndIsNotUsedByWhatTheToolLeftRunning()
    {
        await using var host = Host(out var tools);
        var gate = new TaskCompletionSource();
        using var decision = await DecideAsync(host, "find", """{"id":3}""");

        var left = await decision.RunAsync((_, _) => Task.FromResult(Task.Run(async () =>
        {
            await gate.Task;
            return host.Get<IOrderTools>().Find(3);
        })));
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
        gate.SetResult();

        await Assert.ThrowsAsync<PolicyViolationException>(() => left);
        Assert.That(host.Get<IOrderTools>, Throws.Nothing);
        Assert.That(tools.Runs, Is.Empty);
    }

    [Test]
    public async Task Permit_ParallelCalls_OneUsesIt()
    {
        await using var host = Host(out _);
        using var decision = await DecideAsync(host, "find", """{"id":3}""");

        await decision.RunAsync((_, _) => Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => host.Get<IOrderTools>().Find(3)))));

        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(8));
    }

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    public async Task Permit_IsForOneEnumeration_WhileTheDecisionRuns(int enumerations, int questions)
    {
        await using var host = Host(out var tools);
        using var first = await DecideAsync(host, "count", """{"to":3}""");
        await first.RunAsync((_, _) =>
        {
            var sequence = host.Get<IOrderTools>().Count(3);
            return Task.FromResult(Enumerable.Range(0, enumerations).SelectMany(_ => sequence).ToList());
        });
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(questions));

        using var second = await DecideAsync(host, "tick", """{"to":3}""");
        await second.RunAsync(async (_, _) =>
        {
            var sequence = host.Get<IOrderTools>().TickAsync(3);
            for (var number = 0; number < enumerations; number++)
            {
                Assert.That(await sequence.ToListAsync(), Is.EqualTo([3]));
            }

            return 0;
        });

        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2 * questions));
        Assert.That(tools.Runs, Has.Count.EqualTo(2 * enumerations));
    }

    [Test]
    public async Task Permit_IsNotForSequences_ThatAreEnumeratedLater()
    {
        await using var host = Host(out var tools);
        using var first = await DecideAsync(host, "count", """{"to":3}""");
        var sequence = await first.RunAsync((_, _) => Task.FromResult(host.Get<IOrderTools>().Count(3)));
        Assert.That(tools.Runs, Is.Empty);
        Assert.That(sequence.ToList(), Is.EqualTo([3]));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));

        using var second = await DecideAsync(host, "tick", """{"to":3}""");
        var later = await second.RunAsync((_, _) => Task.FromResult(host.Get<IOrderTools>().TickAsync(3)));
        Assert.That(await later.ToListAsync(), Is.EqualTo([3]));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Permit_IsNotForAnEnumerator_ThatIsTakenInTheRunAndBegunLater()
    {
        await using var host = Host(out var tools);
        using var decision = await DecideAsync(host, "count", """{"to":3}""");
        using var left = await decision.RunAsync((_, _) => Task.FromResult(host.Get<IOrderTools>().Count(3).GetEnumerator()));
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;

        Assert.That(left.MoveNext, Throws.TypeOf<PolicyViolationException>());
        Assert.That(tools.Runs, Is.Empty);
    }

    [Test]
    public async Task Run_OfAToolWithCopies_GetsACopy()
    {
        await using var host = Host(out var tools, govern => govern.Arguments = ArgumentIsolation.Copy);
        List<string> names = ["a"];
        using var decision = await DecideAsync(host, "copy", """{"names":["a"]}""");

        await decision.RunAsync((_, _) => Task.FromResult(host.Get<IOrderTools>().Copy(names)));

        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(tools.LastNames, Is.EqualTo(names).And.Not.SameAs(names));
    }

    [Test]
    public async Task Map_ValuesOfTheParametersTypes_ArePassedOn_AndAnotherPlaceholderIsDecidedAgain()
    {
        await using var host = Host(out var tools);
        using var file = new MemoryStream([1, 2]);
        using var other = new MemoryStream([1, 2, 3]);
        var map = new Dictionary<string, object?> { ["file"] = file, ["name"] = "x" };

        using var decision = await host.Get<IToolGovernor>().DecideAsync(new ToolDescriptor("upload"), map);
        Assert.That(decision.Arguments["file"], Is.SameAs(file));
        await decision.RunAsync((_, _) => Task.FromResult(host.Get<IOrderTools>().Upload(other, "x") + host.Get<IOrderTools>().Upload(file, "x")));

        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
        Assert.That(tools.Runs, Is.EqualTo(["upload 3 x", "upload 2 x"]));
    }

    private static GovernedHost Host(out OrderTools tools, Action<GovernedToolsOptions>? govern = null)
    {
        var target = tools = new OrderTools();
        return GovernedHost.For<IOrderTools>(target, options => options.Events.Capture = EventCapture.Arguments, govern);
    }

    private static ValueTask<ToolCallDecision> DecideAsync(GovernedHost host, string tool, string json) =>
        host.Get<IToolGovernor>().DecideAsync(new ToolDescriptor(tool), Json(json));

    private static ReadOnlyMemory<byte> Json(string json) => Encoding.UTF8.GetBytes(json);
}
