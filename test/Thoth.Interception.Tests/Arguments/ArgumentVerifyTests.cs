using System.Text.Json;
using System.Text.Json.Nodes;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Arguments;

/// <summary>What was approved is what runs: a caller that changes its arguments while the decision is pending is stopped.</summary>
public class ArgumentVerifyTests
{
    private static IEnumerable<TestCaseData> Mutations()
    {
        yield return Case("list", new List<int> { 1 }, list => list.Add(999));
        yield return Case("array", new[] { 1 }, array => array[0] = 999);
        yield return Case("dictionary", new Dictionary<string, int> { ["a"] = 1 }, map => map["a"] = 999);
        yield return Case("set", new HashSet<int> { 1 }, set => set.Add(2));
        yield return Case("object graph", new Order(), order => order.Lines[0].Quantity = 999);
        yield return Case("derived object behind a base", (object)new Order(), order => ((Order)order).Lines.Clear());
        yield return Case("node", new JsonObject { ["a"] = 1 }, node => node["a"] = 999);
        yield return Case("memory", new Memory<byte>([1]), memory => memory.Span[0] = 9);
        yield return Case("tuple with a list", (1, new List<int> { 1 }), tuple => tuple.Item2.Add(2));
        yield return Case("a value that cannot be shown any more", new Order(), order => order.Total = double.NaN);
        yield return Case("order only", new List<int> { 1, 2 }, list => list.Reverse());

        static TestCaseData Case<T>(string name, T argument, Action<T> change) =>
            new TestCaseData(new Mutation<T>(argument, change)).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Mutations))]
    public async Task AsyncTool_ArgumentChangedWhilePending_IsBlocked(Mutation mutation)
    {
        await using var host = WrappedTools.Host();
        var decision = new TaskCompletionSource<EnforcementDecision>();
        host.Enforcer.DecideAsync = (_, _) => new(decision.Task);

        var call = mutation.CallAsync(host);
        Assert.That(call.IsCompleted, Is.False, "the decision is pending");
        mutation.Change();
        decision.SetResult(ScriptedEnforcer.Allow);

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => call);
        await AssertChanged(host, mutation, exception!);
    }

    [TestCaseSource(nameof(Mutations))]
    public async Task SyncTool_ArgumentChangedWhilePending_IsBlocked(Mutation mutation)
    {
        await using var host = WrappedTools.Host();
        host.Enforcer.Decide = _ =>
        {
            mutation.Change();
            return ScriptedEnforcer.Allow;
        };

        var exception = Assert.Throws<PolicyViolationException>(() => mutation.Call(host));

        await AssertChanged(host, mutation, exception!);
    }

    [TestCaseSource(nameof(Mutations))]
    public async Task AsyncTool_ArgumentChangedWhileHeld_IsBlocked(Mutation mutation)
    {
        await using var host = WrappedTools.Host();
        host.Enforcer.Decide = _ => WrappedTools.Decision(DecisionType.StepUp);
        host.Enforcer.Hold = (_, _, _) =>
        {
            mutation.Change();
            return ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));
        };

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => mutation.CallAsync(host));

        await AssertChanged(host, mutation, exception!);
    }

    [TestCaseSource(nameof(Mutations))]
    public async Task AsyncTool_ArgumentChangedWhileTheEnforcerIsUnavailable_IsBlockedUnderFailOpen(Mutation mutation)
    {
        await using var host = WrappedTools.Host(options => options.FailOpen = true);
        host.Enforcer.Decide = _ =>
        {
            mutation.Change();
            throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerTimeout, "enforcer unavailable");
        };

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => mutation.CallAsync(host));

        await AssertChanged(host, mutation, exception!);
    }

    [TestCaseSource(nameof(Mutations))]
    public async Task UnchangedArgument_IsTheCallersOwn(Mutation mutation)
    {
        await using var host = WrappedTools.Host();

        await mutation.CallAsync(host);

        Assert.That(mutation.Ran, Is.True);
        Assert.That(mutation.ToolGotTheCallersOwn, Is.True);
    }

    [Test]
    public async Task JsonElement_DisposedWhilePending_IsBlocked()
    {
        await using var host = WrappedTools.Host();
        var document = JsonDocument.Parse("""{"a":1}""");
        host.Enforcer.Decide = _ =>
        {
            document.Dispose();
            return ScriptedEnforcer.Allow;
        };
        var tool = host.Wrap((int id, JsonElement filter) => { });

        var exception = Assert.Throws<PolicyViolationException>(() => tool(1, document.RootElement));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsChanged));
    }

    [Test]
    public async Task ChangeAfterTheToolStarted_IsNoneOfOurs()
    {
        await using var host = WrappedTools.Host();
        var started = new TaskCompletionSource();
        var list = new List<int> { 1 };
        var tool = host.Wrap(async (List<int> ids) =>
        {
            await started.Task;
            return ids.Count;
        });

        var call = tool(list);
        list.Add(2);
        started.SetResult();

        Assert.That(await call, Is.EqualTo(2));
    }

    [Test]
    public async Task MemberThatReadsDifferentlyEachTime_IsNamedAndNobodyIsBlamed()
    {
        await using var host = WrappedTools.Host();
        var tool = host.Wrap((int id, List<Ticket> tickets) => { });

        var exception = Assert.Throws<PolicyViolationException>(() => tool(1, [new Ticket()]));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsChanged));
        Assert.That(exception.Message, Does.Contain("'tickets[0].Age' reads differently each time").And.Contain("[JsonIgnore]"));
    }

    [Test]
    public async Task MemberThatChangedWhilePending_IsNamedWithoutKeysAndValues()
    {
        await using var host = WrappedTools.Host();
        var orders = new Dictionary<string, Order> { ["secret"] = new() };
        host.Enforcer.Decide = _ =>
        {
            orders["secret"].Lines[0].Quantity = 999;
            return ScriptedEnforcer.Allow;
        };

        var exception = Assert.Throws<PolicyViolationException>(() => host.Wrap((int id, Dictionary<string, Order> orders) => { })(1, orders));

        Assert.That(exception!.Message, Does.Contain("'orders[…].Lines[0].Quantity' changed"));
        Assert.That(exception.ToString(), Does.Not.Contain("secret").And.Not.Contain("999"));
    }

    private static async Task AssertChanged(GovernedHost host, Mutation mutation, PolicyViolationException exception)
    {
        Assert.That(mutation.Ran, Is.False);
        Assert.That(exception.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ToolArgsChanged));
        Assert.That(exception.ToString(), Does.Not.Contain("999"));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Block"]));
        Assert.That(host.Sessions.Current.ToolCalls, Is.Empty);
    }

    public abstract class Mutation
    {
        public bool Ran { get; protected set; }

        public bool ToolGotTheCallersOwn { get; protected set; }

        public abstract void Change();

        internal abstract void Call(GovernedHost host);

        internal abstract Task CallAsync(GovernedHost host);
    }

    private sealed class Mutation<T>(T argument, Action<T> change) : Mutation
    {
        public override void Change() => change(argument);

        internal override void Call(GovernedHost host) => host.Wrap((string name, T value) => Run(value))("a", argument);

        internal override Task CallAsync(GovernedHost host) => host.Wrap((string name, T value) =>
        {
            Run(value);
            return Task.CompletedTask;
        })("a", argument);

        private void Run(T value)
        {
            Ran = true;
            ToolGotTheCallersOwn = typeof(T).IsValueType ? Equals(value, argument) : ReferenceEquals(value, argument);
        }
    }

    private sealed class Order
    {
        public double Total { get; set; } = 1;

        public List<Line> Lines { get; } = [new() { Quantity = 1 }];
    }

    private sealed class Ticket
    {
        private int _reads;

        public string Name => "t";

        public int Age => ++_reads;
    }

    private sealed class Line
    {
        public int Quantity { get; set; }
    }
}
