using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
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
            ["thoth.decision"] = "ALLOW",
            ["thoth.outcome"] = "completed",
        }));
        Assert.That(tools.Seen, Is.SameAs(span));
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
    public async Task BlockedCall_IsAFailedSpan_WithItsCode()
    {
        await using var host = GovernedHost.For<ITracedTools>(new TracedTools());
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.Block, DecisionReasonCode = "no_reading", Reason = "secret" };

        await Assert.ThrowsAsync<PolicyViolationException>(() => host.Get<ITracedTools>().TracedReadAsync("x"));

        var span = _spans.Single();
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(span.GetTagItem("thoth.decision.reason_code"), Is.EqualTo("no_reading"));
        Assert.That(span.GetTagItem("thoth.outcome"), Is.EqualTo("blocked"));
        Assert.That(span.GetTagItem("error.type"), Is.EqualTo(typeof(PolicyViolationException).FullName));
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

    private void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measurements.Enqueue((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray())));
}
