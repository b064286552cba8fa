using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Diagnostics;

/// <summary>Listeners hear the whole process, so these tests look at tools that no other test has.</summary>
[NonParallelizable]
public sealed class DiagnosticsTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, Dictionary<string, object?> Tags)> _measurements = new();
    private readonly ActivityListener _spanListener;
    private readonly MeterListener _meterListener = new();

    public DiagnosticsTests()
    {
        _spanListener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Thoth.Interception",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.DisplayName.Contains("traced_"))
                {
                    _spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_spanListener);
        _meterListener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Thoth.Interception")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meterListener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meterListener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _meterListener.Start();
    }

    public interface ITracedTools
    {
        Task<string> TracedReadAsync(string secret);

        int TracedCount(int start);
    }

    private sealed class TracedTools : ITracedTools
    {
        public Func<Task<string>> Read { get; set; } = () => Task.FromResult("read");

        public Activity? Seen { get; private set; }

        public Task<string> TracedReadAsync(string secret)
        {
            Seen = Activity.Current;
            return Read();
        }

        public int TracedCount(int start) => throw new InvalidOperationException("secret");
    }

    [Test]
    public async Task AllowedCall_IsASpan_WithTheNamesOfTheConventions_AndNoArguments()
    {
        var tools = new TracedTools();
        await using var host = GovernedHost.For<ITracedTools>(tools);

        await host.Get<ITracedTools>().TracedReadAsync("top secret");

        var span = _spans.Single();
        Assert.That(span.DisplayName, Is.EqualTo("execute_tool traced_read"));
        Assert.That(span.TagObjects, Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "execute_tool",
            ["gen_ai.tool.name"] = "traced_read",
            ["gen_ai.tool.type"] = "function",
            ["gen_ai.conversation.id"] = host.Sessions.Current.Id,
            ["gen_ai.agent.id"] = "agent",
            ["thoth.decision"] = "ALLOW",
            ["thoth.outcome"] = "completed",
        }));
        Assert.That(span.Events.Select(e => e.Name), Is.EqualTo(["thoth.decided"]));
        Assert.That(tools.Seen, Is.SameAs(span));
    }

    [Test]
    public async Task SpanOfAGenAiLibrary_IsExtended_AndNotDoubled()
    {
        using var library = new ActivitySource("GenAiLibrary");
        using var listener = ListenTo(library.Name);
        var tools = new TracedTools();
        await using var host = GovernedHost.For<ITracedTools>(tools);

        using (var span = library.StartActivity("execute_tool TracedRead")!)
        {
            span.SetTag("gen_ai.operation.name", "execute_tool").SetTag("gen_ai.tool.name", "TracedRead").SetTag("gen_ai.agent.id", "theirs");
            await host.Get<ITracedTools>().TracedReadAsync("top secret");

            using (Assert.EnterMultipleScope())
            {
                Assert.That(_spans, Is.Empty);
                Assert.That(tools.Seen, Is.SameAs(span));
                Assert.That(Activity.Current, Is.SameAs(span));
                Assert.That(span.IsStopped, Is.False);
                Assert.That(span.GetTagItem("thoth.decision"), Is.EqualTo("ALLOW"));
                Assert.That(span.GetTagItem("gen_ai.tool.name"), Is.EqualTo("TracedRead"));
                Assert.That(span.GetTagItem("gen_ai.agent.id"), Is.EqualTo("theirs"));
            }

            await host.Get<ITracedTools>().TracedReadAsync("second call in the same span");
        }

        Assert.That(_spans.Single().Parent?.DisplayName, Is.EqualTo("execute_tool TracedRead"), "one span describes one call");
    }

    [Test]
    public async Task SpanOfAnotherFunction_KeepsItsTags()
    {
        using var library = new ActivitySource("GenAiLibrary");
        using var listener = ListenTo(library.Name);
        await using var host = GovernedHost.For<ITracedTools>(new TracedTools());

        using var span = library.StartActivity("execute_tool research")!;
        span.SetTag("gen_ai.operation.name", "execute_tool").SetTag("gen_ai.tool.name", "research");
        await host.Get<ITracedTools>().TracedReadAsync("top secret");

        Assert.That(_spans.Single().Parent, Is.SameAs(span));
        Assert.That(span.GetTagItem("thoth.decision"), Is.Null);
    }

    [Test]
    public async Task HeldCall_SaysSoInItsSpan()
    {
        await using var host = GovernedHost.For<ITracedTools>(new TracedTools());
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = "token" };
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));

        await host.Get<ITracedTools>().TracedReadAsync("x");

        Assert.That(_spans.Single().Events.Select(e => e.Name), Is.EqualTo(["thoth.held", "thoth.decided"]));
    }

    [Test]
    public async Task UndecidedCall_IsAnError()
    {
        await using var host = GovernedHost.For<ITracedTools>(new TracedTools());
        host.Enforcer.Decide = _ => throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerTimeout, "too late");

        await Assert.ThrowsAsync<EnforcerUnavailableException>(() => host.Get<ITracedTools>().TracedReadAsync("x"));

        Assert.That(_spans.Single().Status, Is.EqualTo(ActivityStatusCode.Error));
    }

    [TestCase(DecisionType.Allow, null, LogLevel.Information, "agent ran tool traced_read for user system: ALLOW, 0 ms, session {0}")]
    [TestCase(DecisionType.Allow, "reads", LogLevel.Information, "agent ran tool traced_read for user system: ALLOW by reads, 0 ms, session {0}")]
    [TestCase(DecisionType.Block, "no-reads", LogLevel.Warning, "agent was refused tool traced_read for user system: BLOCK by no-reads, 0 ms, session {0}")]
    public async Task EndOfACall_IsOneLineForAPerson(DecisionType type, string? rule, LogLevel level, string expected)
    {
        using var log = new RecordingLogger(LogLevel.Information);
        await using var host = GovernedHost.Create(services => services
            .AddLogging(logging => logging.AddProvider(log))
            .AddSingleton<ITracedTools>(new TracedTools()).AddGovernedTools<ITracedTools>());
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = type, MatchedRuleIds = rule is null ? [] : [rule], Reason = "secret" };

        try
        {
            await host.Get<ITracedTools>().TracedReadAsync("top secret");
        }
        catch (PolicyViolationException)
        {
        }

        var entry = log.Entries.Single(e => e.Id is >= 20 and < 30);
        Assert.That((entry.Level, entry.Message), Is.EqualTo((level, string.Format(expected, host.Sessions.Current.Id))));
        Assert.That(log.Text, Does.Not.Contain("secret"));
    }

    [Test]
    public async Task FailedCall_LogsTheTypeOfTheFailure()
    {
        using var log = new RecordingLogger(LogLevel.Information);
        await using var host = GovernedHost.Create(services => services
            .AddLogging(logging => logging.AddProvider(log))
            .AddSingleton<ITracedTools>(new TracedTools()).AddGovernedTools<ITracedTools>());

        Assert.That(() => host.Get<ITracedTools>().TracedCount(1), Throws.InvalidOperationException);

        Assert.That(log.Messages, Has.One.StartsWith(
            "agent ran tool traced_count for user system, and it failed with System.InvalidOperationException: ALLOW, 0 ms"));
    }

    [Test]
    public async Task CallUnderWay_LeavesTheCallersSpanCurrent_AndEndsItsOwnWithTheTool()
    {
        var result = new TaskCompletionSource<string>();
        await using var host = GovernedHost.For<ITracedTools>(new TracedTools { Read = () => result.Task });
        using var callers = new Activity("caller").Start();

        var call = host.Get<ITracedTools>().TracedReadAsync("x");

        Assert.That(Activity.Current, Is.SameAs(callers));
        Assert.That(_spans, Is.Empty);
        result.SetResult("done");
        Assert.That(await call, Is.EqualTo("done"));
        Assert.That(Activity.Current, Is.SameAs(callers));
        Assert.That(_spans.Single().Parent, Is.SameAs(callers));
    }

    [Test]
    public async Task BlockedCall_IsNoError_AndHasItsCode()
    {
        await using var host = GovernedHost.For<ITracedTools>(new TracedTools());
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.Block, DecisionReasonCode = "no_reading", Reason = "secret" };

        await Assert.ThrowsAsync<PolicyViolationException>(() => host.Get<ITracedTools>().TracedReadAsync("x"));

        var span = _spans.Single();
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset), "the tool did not fail");
        Assert.That(span.GetTagItem("thoth.decision.reason_code"), Is.EqualTo("no_reading"));
        Assert.That(span.GetTagItem("thoth.outcome"), Is.EqualTo("blocked"));
        Assert.That(span.GetTagItem("error.type"), Is.Null);
        Assert.That(span.TagObjects.Select(tag => tag.Value?.ToString()), Has.None.Contains("secret"));
    }

    [Test]
    public async Task FailedTool_IsAFailedSpan_AndCounted()
    {
        await using var host = GovernedHost.For<ITracedTools>(new TracedTools());

        Assert.That(() => host.Get<ITracedTools>().TracedCount(1), Throws.InvalidOperationException);

        Assert.That(_spans.Single().GetTagItem("error.type"), Is.EqualTo("System.InvalidOperationException"));
        var call = _measurements.Single(m => m.Instrument == "thoth.tool.calls" && Equals(m.Tags["gen_ai.tool.name"], "traced_count"));
        Assert.That((call.Value, call.Tags["thoth.decision"], call.Tags["thoth.outcome"]), Is.EqualTo((1, "ALLOW", "failed")));
    }

    [Test]
    public async Task Decision_IsMeasuredInSeconds_OnTheClockOfTheProvider()
    {
        await using var host = GovernedHost.For<ITracedTools>(new TracedTools());
        host.Enforcer.Decide = _ =>
        {
            host.Time.Advance(TimeSpan.FromSeconds(2));
            return ScriptedEnforcer.Allow;
        };

        await host.Get<ITracedTools>().TracedReadAsync("x");

        var decision = _measurements.Single(m => m.Instrument == "thoth.enforcement.duration" && Equals(m.Tags["gen_ai.tool.name"], "traced_read"));
        Assert.That(decision.Value, Is.EqualTo(2));
        Assert.That((await host.EventsAsync())[^1].Duration, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    public void Dispose()
    {
        _spanListener.Dispose();
        _meterListener.Dispose();
    }

    private static ActivityListener ListenTo(string name)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measurements.Enqueue((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray())));
}
