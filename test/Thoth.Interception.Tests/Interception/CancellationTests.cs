using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

public sealed class CancellationTests : IDisposable
{
    private static readonly string[] s_cancelledTool = ["ToolCallPre/Pre", "ToolCallPost/Cancelled"];
    private static readonly string[] s_cancelledBefore = ["ToolCallPre/Pre", "ToolCallBlock/Cancelled"];

    private readonly WaitTools _tools = new();
    private readonly TaskCompletionSource _gate = new();
    private readonly CancellationTokenSource _source = new();

    public interface IWaitTools
    {
        Task WaitAsync(CancellationToken cancellationToken);

        ValueTask<int> CountSlowlyAsync(CancellationToken cancellationToken);

        int Count(CancellationToken cancellationToken);
    }

    public void Dispose() => _source.Dispose();

    [Test]
    public async Task Task_ToolObservesTheCallersToken_IsCancelledWithThatToken([Values] bool decideLater, [Values] bool cancelLater)
    {
        await using var host = Host(decideLater);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _tools.OnWait = token =>
        {
            started.SetResult();
            if (!cancelLater)
            {
                _source.Cancel();
            }

            return new TaskCompletionSource().Task.WaitAsync(token);
        };

        var task = host.Get<IWaitTools>().WaitAsync(_source.Token);
        _gate.TrySetResult();
        await started.Task;
        if (cancelLater)
        {
            await _source.CancelAsync();
        }

        await AssertCancelledAsync(task);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_cancelledTool));
    }

    [Test]
    public async Task Task_CancelledByTheToolItself_IsCancelledAndRecordedAsAnError()
    {
        await using var host = Host();
        await _source.CancelAsync();
        _tools.OnWait = _ => Task.FromCanceled(_source.Token);

        var task = host.Get<IWaitTools>().WaitAsync(CancellationToken.None);

        await AssertCancelledAsync(task);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPost/Error"]));
    }

    [Test]
    public async Task Task_CancelledBeforeTheCall_IsCancelledAndNotEvaluated()
    {
        await using var host = Host();
        await _source.CancelAsync();

        var task = host.Get<IWaitTools>().WaitAsync(_source.Token);

        await AssertCancelledAsync(task);
        await Assert.ThatAsync(() => task, Throws.TypeOf<OperationCanceledException>(), "as for a synchronous tool");
        Assert.That(host.Enforcer.Requests, Is.Empty);
        Assert.That(_tools.Runs, Is.Zero);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_cancelledBefore));
    }

    [Test]
    public async Task Task_CancelledDuringTheDecision_IsCancelledAndTheToolDoesNotRun()
    {
        await using var host = Host();
        host.Enforcer.DecideAsync = async (_, token) =>
        {
            await new TaskCompletionSource().Task.WaitAsync(token);
            return ScriptedEnforcer.Allow;
        };

        var task = host.Get<IWaitTools>().WaitAsync(_source.Token);
        await _source.CancelAsync();

        await AssertCancelledAsync(task);
        Assert.That(_tools.Runs, Is.Zero);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_cancelledBefore));
    }

    [Test]
    public async Task Task_CancelledWhileTheEnforcerAllowsIt_IsCancelledAndTheToolDoesNotRun([Values] bool decideLater)
    {
        await using var host = Host(decideLater);
        host.Enforcer.Decide = AllowAndCancel;

        var task = host.Get<IWaitTools>().WaitAsync(_source.Token);
        _gate.TrySetResult();

        await AssertCancelledAsync(task);
        Assert.That(_tools.Runs, Is.Zero);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_cancelledBefore));
    }

    [Test]
    public async Task ValueTask_CancelledWhileTheEnforcerAllowsIt_IsCancelled()
    {
        await using var host = Host();
        host.Enforcer.Decide = AllowAndCancel;

        var task = host.Get<IWaitTools>().CountSlowlyAsync(_source.Token).AsTask();

        await AssertCancelledAsync(task);
        Assert.That(_tools.Runs, Is.Zero);
    }

    [Test]
    public async Task Synchronous_CancelledBeforeTheCall_ThrowsWithTheCallersToken()
    {
        await using var host = Host();
        await _source.CancelAsync();

        var exception = Assert.Throws<OperationCanceledException>(() => host.Get<IWaitTools>().Count(_source.Token));

        Assert.That(exception!.CancellationToken, Is.EqualTo(_source.Token));
        Assert.That(_tools.Runs, Is.Zero);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_cancelledBefore));
    }

    [Test]
    public async Task Synchronous_ToolThrowsOnTheCallersToken_IsRecordedAsCancelled()
    {
        await using var host = Host();
        _tools.OnCount = token =>
        {
            _source.Cancel();
            token.ThrowIfCancellationRequested();
            return 1;
        };

        Assert.Throws<OperationCanceledException>(() => host.Get<IWaitTools>().Count(_source.Token));

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_cancelledTool));
    }

    private GovernedHost Host(bool decideLater = false)
    {
        var host = GovernedHost.For<IWaitTools>(_tools);
        if (decideLater)
        {
            host.Enforcer.DecideAfter(_gate.Task);
        }

        return host;
    }

    private EnforcementDecision AllowAndCancel(EnforcementRequest request)
    {
        _source.Cancel();
        return ScriptedEnforcer.Allow;
    }

    private async Task AssertCancelledAsync(Task task)
    {
        var exception = await Assert.CatchAsync<OperationCanceledException>(() => task);
        Assert.That(exception!.CancellationToken, Is.EqualTo(_source.Token));
        Assert.That(task.IsCanceled, Is.True);
    }

    private sealed class WaitTools : IWaitTools
    {
        public int Runs { get; private set; }

        public Func<CancellationToken, Task> OnWait { get; set; } = _ => Task.CompletedTask;

        public Func<CancellationToken, int> OnCount { get; set; } = _ => 1;

        public Task WaitAsync(CancellationToken cancellationToken)
        {
            Runs++;
            return OnWait(cancellationToken);
        }

        public ValueTask<int> CountSlowlyAsync(CancellationToken cancellationToken) => new(Count(cancellationToken));

        public int Count(CancellationToken cancellationToken)
        {
            Runs++;
            return OnCount(cancellationToken);
        }
    }
}
