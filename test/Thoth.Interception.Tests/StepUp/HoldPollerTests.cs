using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.StepUp;
using Thoth.Interception.Tests.Events;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.StepUp;

public class HoldPollerTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(10);

    [Test]
    public async Task FirstPoll_ComesAtOnceWithTheToken()
    {
        await using var hold = new HoldHost();
        var call = hold.Call();

        (await hold.NextPollAsync()).SetResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));

        Assert.That(await call, Is.EqualTo("original"));
        Assert.That(hold.Token, Is.EqualTo("hold-1"));
        Assert.That(hold.Count, Is.EqualTo(1));
        Assert.That(await hold.Host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPost/Post"]), "nothing is recorded while it waits");
    }

    [Test]
    public async Task NextPoll_ComesAfterTheIntervalWithinItsJitter()
    {
        await using var hold = new HoldHost(options => options.PollInterval = TimeSpan.FromSeconds(10));
        var call = hold.Call();
        (await hold.NextPollAsync()).SetResult(HoldStatus.Pending());

        var pause = await hold.ElapsedUntilNextPollAsync(s_long);
        (await hold.NextPollAsync()).SetResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));

        await call;
        Assert.That(pause, Is.InRange(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(11.2)));
    }

    [Test]
    public async Task Pauses_AreSpreadOverATenthOfTheIntervalEitherWay_AndNoFurther()
    {
        const int Polls = 400;
        var (time, interval) = (new ImpatientTime(), TimeSpan.FromSeconds(10));
        var enforcer = new ScriptedEnforcer
        {
            Hold = (_, _, _) => ValueTask.FromResult(time.Waits.Count < Polls ? HoldStatus.Pending() : HoldStatus.Resolved(ScriptedEnforcer.Allow)),
        };
        var options = new StepUpOptions { PollInterval = interval, Timeout = TimeSpan.FromHours(2) };
        var held = new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = "hold-1" };

        await new HoldPoller(enforcer, options, time).WaitAsync(EventSamples.Request(EventSamples.Context), held, CancellationToken.None);

        Assert.That(time.Waits, Has.Count.EqualTo(Polls).And.All.InRange(interval * 0.9, interval * 1.1));
        Assert.That(time.Waits.Min(), Is.LessThan(interval * 0.93));
        Assert.That(time.Waits.Max(), Is.GreaterThan(interval * 1.07));
    }

    [TestCase(30, 30)]
    [TestCase(1, 9)]
    public async Task RetryAfter_LongerThanTheInterval_IsWaitedFor(int retryAfter, int atLeast)
    {
        await using var hold = new HoldHost(options => options.PollInterval = TimeSpan.FromSeconds(10));
        var call = hold.Call();
        (await hold.NextPollAsync()).SetResult(HoldStatus.Pending(TimeSpan.FromSeconds(retryAfter)));

        var pause = await hold.ElapsedUntilNextPollAsync(s_long);
        (await hold.NextPollAsync()).SetResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));

        await call;
        Assert.That(pause, Is.InRange(TimeSpan.FromSeconds(atLeast), TimeSpan.FromSeconds(atLeast + 2.5)));
    }

    [TestCase(60, null, 60)]
    [TestCase(60, 20, 20)]
    [TestCase(60, 900, 60)]
    [TestCase(60, 0, 60)]
    [TestCase(60, -5, 60)]
    public async Task Budget_IsTheSmallerOfConfiguredAndServer(int configured, int? server, int expected)
    {
        var held = new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = "hold-1", StepUpTimeout = server is { } s ? TimeSpan.FromSeconds(s) : null };
        await using var hold = new HoldHost(options => options.Timeout = TimeSpan.FromSeconds(configured), held);
        var call = hold.Call();
        await hold.NextPollAsync();

        var elapsed = await hold.ElapsedUntilEndOfAsync(call);

        await AssertTimedOut(hold, call);
        Assert.That(elapsed, Is.EqualTo(TimeSpan.FromSeconds(expected)).Within(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task RetryAfter_BeyondTheBudget_EndsWithTheBudget()
    {
        await using var hold = new HoldHost(options => options.Timeout = TimeSpan.FromSeconds(20));
        var call = hold.Call();
        (await hold.NextPollAsync()).SetResult(HoldStatus.Pending(TimeSpan.MaxValue));

        var elapsed = await hold.ElapsedUntilEndOfAsync(call);

        await AssertTimedOut(hold, call);
        Assert.That(elapsed, Is.EqualTo(TimeSpan.FromSeconds(20)).Within(TimeSpan.FromSeconds(1)));
        Assert.That(hold.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task ZeroBudget_BlocksWithoutAPoll()
    {
        await using var hold = new HoldHost(options => options.Timeout = TimeSpan.Zero);

        await AssertTimedOut(hold, hold.Call());

        Assert.That(hold.Count, Is.Zero);
    }

    [Test]
    public async Task LongPoll_OfAnEnforcerThatIgnoresItsToken_EndsWithTheBudget([Values] bool sync)
    {
        await using var hold = new HoldHost(options => options.Timeout = TimeSpan.FromSeconds(30));
        var call = sync ? Task.Run(hold.CallSync) : hold.Call();
        await hold.NextPollAsync();

        hold.Host.Time.Advance(TimeSpan.FromSeconds(30));

        await AssertTimedOut(hold, call);
        Assert.That(hold.Cancellation.IsCancellationRequested, Is.True, "the enforcer was told");
        Assert.That(hold.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task LongPoll_OfAnEnforcerThatFailsAtItsEnd_IsATimeout([Values] bool sync)
    {
        await using var hold = new HoldHost(options => options.Timeout = TimeSpan.FromSeconds(30));
        hold.Host.Enforcer.Hold = async (_, _, cancellationToken) =>
        {
            var cancelled = new TaskCompletionSource();
            await using var registration = cancellationToken.Register(cancelled.SetResult);
            hold.Host.Time.Advance(TimeSpan.FromSeconds(30));
            await cancelled.Task;
            throw new HttpRequestException("aborted");
        };

        await AssertTimedOut(hold, sync ? Task.Run(hold.CallSync) : hold.Call());
    }

    [Test]
    public async Task EnforcerThatThrowsWhilePolling_StaysPending()
    {
        await using var hold = new HoldHost();
        var call = hold.Call();
        Exception[] failures = [new InvalidOperationException(), new TaskCanceledException(), new EnforcerUnavailableException("a", "b")];
        foreach (var failure in failures)
        {
            (await hold.NextPollAsync()).SetException(failure);
            await hold.ElapsedUntilNextPollAsync(s_long);
        }

        (await hold.NextPollAsync()).SetResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));

        Assert.That(await call, Is.EqualTo("original"));
        Assert.That(hold.Count, Is.EqualTo(4));
    }

    [Test]
    public async Task DefaultStatus_IsPending()
    {
        await using var hold = new HoldHost(options => options.Timeout = TimeSpan.FromSeconds(10));
        var call = hold.Call();
        (await hold.NextPollAsync()).SetResult(default);

        await hold.ElapsedUntilEndOfAsync(call);

        await AssertTimedOut(hold, call);
    }

    [Test]
    public async Task CallerCancels_WhileHeld_IsCancellationWithItsOwnToken([Values] bool obeys, [Values] bool sync)
    {
        await using var hold = new HoldHost();
        using var source = new CancellationTokenSource();
        var call = sync
            ? Task.Run(() => hold.Host.Wrap((string value, CancellationToken token) => value)("a", source.Token))
            : hold.Call(source.Token);
        var poll = await hold.NextPollAsync();

        await source.CancelAsync();
        if (obeys)
        {
            poll.TrySetException(new HttpRequestException("aborted"));
        }

        var exception = await Assert.CatchAsync<OperationCanceledException>(() => call);
        Assert.That(exception!.CancellationToken, Is.EqualTo(source.Token));
        Assert.That(hold.Ran, Is.False);
        Assert.That(await hold.Host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Cancelled"]));
    }

    [Test]
    public async Task CallerCancels_AsTheTimeEnds_IsCancellation([Values] bool sync)
    {
        await using var hold = new HoldHost(options => options.Timeout = TimeSpan.FromSeconds(30));
        using var source = new CancellationTokenSource();
        hold.Host.Enforcer.Hold = (_, _, _) =>
        {
            source.Cancel();
            hold.Host.Time.Advance(TimeSpan.FromSeconds(30));
            throw new HttpRequestException("aborted");
        };

        var call = sync
            ? Task.Run(() => hold.Host.Wrap((string value, CancellationToken token) => value)("a", source.Token))
            : hold.Call(source.Token);

        var exception = await Assert.CatchAsync<OperationCanceledException>(() => call);
        Assert.That(exception!.CancellationToken, Is.EqualTo(source.Token));
        Assert.That(hold.Ran, Is.False);
    }

    [Test]
    public async Task SyncTool_WaitsForTheApprover()
    {
        await using var hold = new HoldHost();
        var call = Task.Run(hold.CallSync);
        (await hold.NextPollAsync()).SetResult(HoldStatus.Pending());
        Assert.That(call.IsCompleted, Is.False);
        await hold.ElapsedUntilNextPollAsync(s_long);

        (await hold.NextPollAsync()).SetResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));

        Assert.That(await call, Is.EqualTo("original"));
    }

    private static async Task AssertTimedOut(HoldHost hold, Task call)
    {
        var exception = await Assert.ThrowsAsync<StepUpRejectedException>(() => call);
        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.StepUpTimeout));
        Assert.That(exception.Reason, Is.EqualTo("step-up auth timeout — no approver response"));
        Assert.That(hold.Ran, Is.False);
        Assert.That(await hold.Host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    /// <summary>Waits of less than an hour are over at once, and remembered.</summary>
    private sealed class ImpatientTime : FakeTimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime <= TimeSpan.Zero || dueTime >= TimeSpan.FromHours(1))
            {
                return base.CreateTimer(callback, state, dueTime, period);
            }

            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
