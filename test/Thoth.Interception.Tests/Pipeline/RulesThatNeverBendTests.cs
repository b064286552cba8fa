using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Pipeline;

/// <summary>The rules of the design, one test each; the details are with each part's own tests.</summary>
public class RulesThatNeverBendTests
{
    [Test]
    public async Task Rule1_NothingRunsUngoverned()
    {
        Func<EnforcementRequest, EnforcementDecision>[] unsafeDecisions =
        [
            _ => null!, _ => default(EnforcementDecision)!, _ => WrappedTools.Decision((DecisionType)99), _ => WrappedTools.Decision(DecisionType.Block),
            _ => WrappedTools.Decision(DecisionType.Defer), _ => new() { Type = DecisionType.StepUp }, _ => new() { Type = DecisionType.Modify },
            _ => ScriptedEnforcer.Modify("{}"), _ => ScriptedEnforcer.Modify("""{"a":"no number"}"""), _ => throw new InvalidOperationException(),
            _ => new() { Type = DecisionType.Allow, ActionAttestationId = "other" },
        ];
        foreach (var decide in unsafeDecisions)
        {
            await using var host = WrappedTools.Host(options => options.FailOpen = true);
            host.Enforcer.Decide = decide;
            var ran = false;

            Assert.That(() => host.Wrap((int a) => { ran = true; })(1), Throws.InstanceOf<ThothException>());
            await Assert.ThrowsAsync(Is.InstanceOf<ThothException>(), () => host.Wrap((int a) =>
            {
                ran = true;
                return Task.CompletedTask;
            })(1));
            Assert.That(ran, Is.False);
        }
    }

    [Test]
    public async Task Rule2_WhatWasApprovedIsWhatRuns()
    {
        await using var host = WrappedTools.Host();
        var ids = new List<int> { 1 };
        List<int>? got = null;
        var tool = host.Wrap((List<int> values) => { got = values; });

        tool(ids);
        Assert.That(got, Is.SameAs(ids));

        host.Enforcer.Decide = _ =>
        {
            ids.Add(2);
            return ScriptedEnforcer.Allow;
        };
        got = null;
        Assert.Throws<PolicyViolationException>(() => tool(ids));
        Assert.That(got, Is.Null);
    }

    [Test]
    public async Task Rule3_ResultAndExceptionsAreUntouched()
    {
        await using var host = WrappedTools.Host();
        var (result, failure, asyncFailure) = (new object(), new FormatException(), new FormatException());
        var (resultTask, failureTask) = (Task.FromResult(result), Task.FromException<object>(asyncFailure));

        Assert.That(host.Wrap((int a) => result)(1), Is.SameAs(result));
        Assert.That(host.Wrap((int a) => resultTask)(1), Is.SameAs(resultTask));
        Assert.That(Assert.Throws<FormatException>(() => host.Wrap((int a) => { throw failure; })(1)), Is.SameAs(failure));
        Assert.That(await Assert.ThrowsAsync<FormatException>(() => host.Wrap((int a) => failureTask)(1)), Is.SameAs(asyncFailure));
        Assert.That(failure.StackTrace, Does.Contain(nameof(Rule3_ResultAndExceptionsAreUntouched)));
    }

    [Test]
    public async Task Rule4_NoEventIsLostSilently()
    {
        await using var host = WrappedTools.Host(options => options.Events.QueueCapacity = 1);
        for (var i = 0; i < 100; i++)
        {
            host.Wrap((int a) => a)(i);
        }

        await host.EventsAsync();

        var statistics = host.Get<IEventPipeline>().Statistics;
        Assert.That(statistics.Enqueued, Is.EqualTo(200));
        Assert.That(statistics.Sent + statistics.DroppedQueueFull + statistics.DroppedSinkFailed + statistics.DroppedClosed, Is.EqualTo(200));
        Assert.That(host.Sink.Events, Has.Count.EqualTo(statistics.Sent));
    }

    [Test]
    public async Task Rule5_NoSecretLeaves()
    {
        await using var host = WrappedTools.Host(options => options.StepUp.Mode = StepUpMode.Throw);
        host.Enforcer.Decide = _ => new() { Type = DecisionType.StepUp, HoldToken = "hold-secret" };

        var exception = Assert.Throws<StepUpRequiredException>(() => host.Wrap((string a) => { })("argument-secret"));

        Assert.That(exception!.ToString(), Does.Not.Contain("secret"));
    }

    [Test]
    public async Task Rule6_OneEvaluationAndOneEndPerCall()
    {
        foreach (var type in Enum.GetValues<DecisionType>())
        {
            await using var host = WrappedTools.Host();
            host.Enforcer.Decide = _ => WrappedTools.Decision(type);
            host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));
            try
            {
                await host.Wrap((int a) => Task.FromResult(a))(1);
            }
            catch (PolicyViolationException)
            {
                Assert.That(type, Is.AnyOf(DecisionType.Block, DecisionType.Defer, DecisionType.Modify));
            }

            Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
            var events = await host.EventsAsync();
            Assert.That(events.Select(e => e.Type == BehavioralEventType.ToolCallPre), Is.EqualTo([true, false]), $"{type}");
            Assert.That(events.Select(e => e.Request).Distinct().Count(), Is.EqualTo(1));
        }
    }
}
