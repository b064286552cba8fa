using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Pipeline;

public class CallCancellationTests
{
    [Test]
    public async Task BeforeTheCall_EvaluatesAndRunsNothing([Values] bool sync, [Values] bool failOpen)
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        var host = await CancelledAsync(source, sync, failOpen, _ => ScriptedEnforcer.Allow);

        Assert.That(host.Enforcer.Requests, Is.Empty);
    }

    [Test]
    public async Task WhileAsked_EnforcerThatObeysTheToken_IsCancellation([Values] bool sync, [Values] bool failOpen)
    {
        using var source = new CancellationTokenSource();

        await CancelledAsync(source, sync, failOpen, token =>
        {
            source.Cancel();
            token.ThrowIfCancellationRequested();
            return ScriptedEnforcer.Allow;
        });
    }

    [Test]
    public async Task WhileAsked_EnforcerThatReportsItAsItsOwnFailure_IsCancellation([Values] bool sync, [Values] bool failOpen, [Values] bool unavailable)
    {
        using var source = new CancellationTokenSource();

        await CancelledAsync(source, sync, failOpen, _ =>
        {
            source.Cancel();
            throw unavailable
                ? new EnforcerUnavailableException(SdkReasonCodes.EnforcerTimeout, "enforcer unavailable")
                : new HttpRequestException("aborted");
        });
    }

    [Test]
    public async Task AfterTheDecision_IsCancellation([Values] bool sync, [Values] bool failOpen)
    {
        using var source = new CancellationTokenSource();

        await CancelledAsync(source, sync, failOpen, _ =>
        {
            source.Cancel();
            return ScriptedEnforcer.Allow;
        });
    }

    [Test]
    public async Task ARefusal_AfterTheCallerCancelled_StaysARefusal()
    {
        await using var host = WrappedTools.Host();
        using var source = new CancellationTokenSource();
        host.Enforcer.Decide = _ =>
        {
            source.Cancel();
            return WrappedTools.Decision(DecisionType.Block);
        };

        await Assert.ThrowsAsync<PolicyViolationException>(() => host.Wrap((CancellationToken token) => Task.CompletedTask)(source.Token));

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    private static async Task<GovernedHost> CancelledAsync(
        CancellationTokenSource source, bool sync, bool failOpen, Func<CancellationToken, EnforcementDecision> decide)
    {
        await using var host = WrappedTools.Host(options => options.FailOpen = failOpen);
        host.Enforcer.Decide = _ => decide(source.Token);
        var ran = false;

        Exception? exception;
        if (sync)
        {
            exception = Assert.Catch(() => host.Wrap((CancellationToken token) => { ran = true; })(source.Token));
        }
        else
        {
            var call = host.Wrap((CancellationToken token) =>
            {
                ran = true;
                return Task.CompletedTask;
            })(source.Token);
            exception = await Assert.CatchAsync(() => call);
            Assert.That(call.IsCanceled, Is.True);
        }

        Assert.That(exception, Is.InstanceOf<OperationCanceledException>());
        Assert.That(((OperationCanceledException)exception!).CancellationToken, Is.EqualTo(source.Token));
        Assert.That(ran, Is.False);
        Assert.That(host.Sessions.Current.ToolCalls, Is.Empty);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Cancelled"]));
        return host;
    }
}
