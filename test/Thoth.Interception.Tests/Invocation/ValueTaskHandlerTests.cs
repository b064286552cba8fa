using System.Threading.Tasks.Sources;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Invocation;

public class ValueTaskHandlerTests
{
    private static readonly string[] s_completed = ["ToolCallPre/Pre", "ToolCallPost/Post"];
    private static readonly string[] s_failed = ["ToolCallPre/Pre", "ToolCallPost/Error"];

    private readonly StockTools _tools = new();
    private readonly TaskCompletionSource _gate = new();

    public interface IStockTools
    {
        ValueTask ReserveAsync(string item);

        ValueTask<int> CountAsync(string item);
    }

    [Test]
    public async Task Call_Allowed_GivesTheResult([Values] bool decideLater)
    {
        await using var host = Host(decideLater);
        var reserved = false;
        _tools.OnCount = _ => new ValueTask<int>(7);
        _tools.OnReserve = _ =>
        {
            reserved = true;
            return default;
        };

        var (count, reserve) = (host.Get<IStockTools>().CountAsync("x").AsTask(), host.Get<IStockTools>().ReserveAsync("x").AsTask());
        _gate.TrySetResult();

        Assert.That(await count, Is.EqualTo(7));
        await reserve;
        Assert.That(reserved, Is.True);
        Assert.That(await host.EventNamesAsync(), Has.Exactly(2).EqualTo("ToolCallPost/Post"));
    }

    [Test]
    public async Task Call_Blocked_RefusesThroughTheTask([Values] bool decideLater)
    {
        await using var host = Host(decideLater);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;

        var (count, reserve) = (host.Get<IStockTools>().CountAsync("x").AsTask(), host.Get<IStockTools>().ReserveAsync("x").AsTask());
        _gate.TrySetResult();

        await Assert.ThrowsAsync<PolicyViolationException>(() => count);
        await Assert.ThrowsAsync<PolicyViolationException>(() => reserve);
        Assert.That(await host.EventNamesAsync(), Has.Exactly(2).EqualTo("ToolCallBlock/Block"));
    }

    [Test]
    public async Task Call_PooledSource_IsConsumedOnce([Values] bool decideLater, [Values] bool completeLater)
    {
        await using var host = Host(decideLater);
        var source = new PooledSource();
        if (!completeLater)
        {
            source.Complete(5);
        }

        _tools.OnCount = _ => source.Rent();

        var task = host.Get<IStockTools>().CountAsync("x");
        _gate.TrySetResult();
        if (completeLater)
        {
            source.Complete(5);
        }

        Assert.That(await task, Is.EqualTo(5));
        Assert.That(source.TimesConsumed, Is.EqualTo(1));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_completed));
    }

    [Test]
    public async Task Call_PooledSourceFails_GivesTheSameException()
    {
        await using var host = Host();
        var source = new PooledSource();
        var thrown = new InvalidDataException();
        _tools.OnCount = _ => source.Rent();

        var task = host.Get<IStockTools>().CountAsync("x").AsTask();
        source.Fail(thrown);

        Assert.That(await Assert.ThrowsAsync<InvalidDataException>(() => task), Is.SameAs(thrown));
        Assert.That(source.TimesConsumed, Is.EqualTo(1));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_failed));
    }

    [Test]
    public async Task Call_SourceThatWasGivenBackAlready_FailsAndLeavesAnEnd([Values] bool decideLater)
    {
        await using var host = Host(decideLater);
        var source = new PooledSource();
        var stale = source.Rent();
        source.GiveBack();
        _tools.OnCount = _ => stale;

        var call = CallAsync();
        _gate.TrySetResult();

        await Assert.ThrowsAsync<InvalidOperationException>(() => call);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_failed));

        async Task<int> CallAsync() => await host.Get<IStockTools>().CountAsync("x");
    }

    private GovernedHost Host(bool decideLater = false)
    {
        var host = GovernedHost.For<IStockTools>(_tools);
        if (decideLater)
        {
            host.Enforcer.DecideAfter(_gate.Task);
        }

        return host;
    }

    private sealed class StockTools : IStockTools
    {
        public Func<string, ValueTask> OnReserve { get; set; } = null!;

        public Func<string, ValueTask<int>> OnCount { get; set; } = null!;

        public ValueTask ReserveAsync(string item) => OnReserve(item);

        public ValueTask<int> CountAsync(string item) => OnCount(item);
    }

    /// <summary>A source as pools hand them out: valid until it is given back.</summary>
    private sealed class PooledSource : IValueTaskSource<int>
    {
        private ManualResetValueTaskSourceCore<int> _core;

        public int TimesConsumed { get; private set; }

        public ValueTask<int> Rent() => new(this, _core.Version);

        public void Complete(int result) => _core.SetResult(result);

        public void Fail(Exception exception) => _core.SetException(exception);

        public void GiveBack() => _core.Reset();

        public int GetResult(short token)
        {
            TimesConsumed++;
            return _core.GetResult(token);
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}
