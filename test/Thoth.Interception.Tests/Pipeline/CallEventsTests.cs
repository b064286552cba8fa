using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Pipeline;

/// <summary>Contract §5.1 and §5.4: one PRE and one POST or BLOCK per call, and what they carry.</summary>
public class CallEventsTests
{
    [Test]
    public async Task Completed_PostEvent_CarriesOutcomeDurationAndResult([Values] bool sync)
    {
        await using var host = WrappedTools.Host();

        await CallAsync(host, sync, () => host.Time.Advance(TimeSpan.FromMilliseconds(250)));

        var (pre, post) = await PairAsync(host);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((pre.Type, pre.Phase, pre.Content), Is.EqualTo((BehavioralEventType.ToolCallPre, EventPhase.Pre, "tool invocation requested")));
            Assert.That((post.Type, post.Phase, post.Content), Is.EqualTo((BehavioralEventType.ToolCallPost, EventPhase.Post, "tool invocation completed")));
            Assert.That(post.Duration, Is.EqualTo(TimeSpan.FromMilliseconds(250)));
            Assert.That((post.ResultType, post.ResultSizeBytes), Is.EqualTo((nameof(String), (long?)6)));
            Assert.That(post.Decision, Is.SameAs(ScriptedEnforcer.Allow));
            Assert.That(post.ErrorType, Is.Null);
            Assert.That(pre.Decision, Is.Null);
            Assert.That(post.OccurredAt - pre.OccurredAt, Is.EqualTo(TimeSpan.FromMilliseconds(250)));
            Assert.That(post.Request, Is.SameAs(pre.Request));
        }
    }

    [Test]
    public async Task Failed_PostEvent_NamesTheErrorTypeAndNeverItsMessage([Values] bool sync)
    {
        await using var host = WrappedTools.Host();
        var failure = new FormatException("secret message");

        var thrown = await Assert.CatchAsync(() => CallAsync(host, sync, () => throw failure));

        Assert.That(thrown, Is.SameAs(failure));
        var (_, post) = await PairAsync(host);
        Assert.That((post.Type, post.Phase, post.Content), Is.EqualTo((BehavioralEventType.ToolCallPost, EventPhase.Error, "tool invocation failed")));
        Assert.That(post.ErrorType, Is.EqualTo(typeof(FormatException).FullName));
        Assert.That(host.Sessions.Current.ToolCalls, Is.EqualTo([WrappedTools.Name]), "its side effects may have happened");
    }

    [Test]
    public async Task CancelledByItsOwnCaller_PostEvent_IsCancelledAndElseAnError([Values] bool sync, [Values] bool own)
    {
        await using var host = WrappedTools.Host();
        using var source = new CancellationTokenSource();

        await Assert.CatchAsync<OperationCanceledException>(() => CallAsync(
            host, sync,
            () =>
            {
                if (own)
                {
                    source.Cancel();
                }

                throw new OperationCanceledException();
            },
            source.Token));

        var (_, post) = await PairAsync(host);
        Assert.That((post.Type, post.Phase), Is.EqualTo((BehavioralEventType.ToolCallPost, own ? EventPhase.Cancelled : EventPhase.Error)));
    }

    [Test]
    public async Task EmitFailuresOff_FailedTool_LeavesOnlyThePreEvent([Values] bool sync)
    {
        await using var host = WrappedTools.Host(options => options.Events.EmitFailures = false);

        await Assert.CatchAsync(() => CallAsync(host, sync, () => throw new FormatException()));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre"]));
        host.Enforcer.Decide = _ => WrappedTools.Decision(DecisionType.Block);
        await Assert.CatchAsync(() => CallAsync(host, sync, () => { }));

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    [Test]
    public async Task MeasureResultsOff_PostEvent_HasNoSize()
    {
        await using var host = WrappedTools.Host(options => options.Events.MeasureResults = false);

        await CallAsync(host, true, () => { });

        var (_, post) = await PairAsync(host);
        Assert.That((post.ResultType, post.ResultSizeBytes), Is.EqualTo((nameof(String), (long?)null)));
    }

    [Test]
    public async Task Blocked_Event_CarriesTheDecision([Values] bool sync)
    {
        await using var host = WrappedTools.Host();
        host.Enforcer.Decide = _ => new() { Type = DecisionType.Block, ViolationId = "v1", Evidence = new() { PackId = "pack" } };

        await Assert.CatchAsync(() => CallAsync(host, sync, () => { }));

        var (_, block) = await PairAsync(host);
        Assert.That((block.Phase, block.Content), Is.EqualTo((EventPhase.Block, "tool invocation blocked")));
        Assert.That((block.Decision!.ViolationId, block.Decision.Evidence.PackId), Is.EqualTo(("v1", "pack")));
        Assert.That(block.Duration, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task SessionToolCalls_OfOneCall_AreTheSameOnAllItsEventsAndBlockedCallsAreInNone()
    {
        await using var host = WrappedTools.Host();
        var governor = host.Get<IToolGovernor>();
        governor.WrapTool("first", () => { })();
        host.Enforcer.Decide = request => WrappedTools.Decision(request.ToolName == "bad" ? DecisionType.Block : DecisionType.Allow);
        Assert.Throws<PolicyViolationException>(() => governor.WrapTool("bad", () => { })());
        governor.WrapTool("second", () => { })();

        var events = await host.EventsAsync();

        Assert.That(
            events.Select(e => string.Join(',', e.Request.SessionToolCalls)),
            Is.EqualTo(["first", "first", "first,bad", "first,bad", "first,second", "first,second"]));
        Assert.That(host.Sessions.Current.ToolCalls, Is.EqualTo(["first", "second"]));
    }

    private static async Task CallAsync(GovernedHost host, bool sync, Action body, CancellationToken token = default)
    {
        if (sync)
        {
            host.Wrap((CancellationToken cancellation) =>
            {
                body();
                return "four";
            })(token);
        }
        else
        {
            await host.Wrap(async (CancellationToken cancellation) =>
            {
                await Task.Yield();
                body();
                return "four";
            })(token);
        }
    }

    private static async Task<(BehavioralEvent First, BehavioralEvent Last)> PairAsync(GovernedHost host)
    {
        var events = await host.EventsAsync();
        Assert.That(events, Has.Count.EqualTo(2));
        return (events[0], events[1]);
    }
}
