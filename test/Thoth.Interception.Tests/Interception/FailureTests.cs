using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

/// <summary>Whatever fails around a call, the tool runs once where it may and not at all where it must not.</summary>
[NonParallelizable]
public class FailureTests
{
    private static readonly string[] s_completed = ["ToolCallPre/Pre", "ToolCallPost/Post"];
    private static readonly string[] s_blocked = ["ToolCallPre/Pre", "ToolCallBlock/Block"];

    private readonly WorkTools _tools = new();

    public enum ReturnType
    {
        Synchronous,
        Task,
        ValueTask,
        Sequence,
        AsyncSequence,
    }

    public interface IWorkTools
    {
        string Work(string what);

        Task<string> WorkLaterAsync(string what);

        ValueTask<string> MaybeWorkLaterAsync(string what);

        IEnumerable<string> Sequence(string what);

        IAsyncEnumerable<string> SequenceLaterAsync(string what);

        Task<Awkward> AwkwardAsync(bool later);
    }

    [Test]
    public async Task Enforcer_Throws_ToolDoesNotRun([Values] ReturnType returnType, [Values] bool later)
    {
        await using var host = GovernedHost.For<IWorkTools>(_tools);
        var thrown = new InvalidDataException("secret");
        host.Enforcer.Decide = _ => throw thrown;
        if (later)
        {
            Yield(host.Enforcer);
        }

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => UseAsync(host.Get<IWorkTools>(), returnType));

        Assert.That(exception!.InnerException, Is.SameAs(thrown));
        Assert.That(exception.Message, Does.Not.Contain("secret"));
        Assert.That(_tools.Runs, Is.Zero);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_blocked));
    }

    [Test]
    public async Task Enforcer_GivesNoDecision_ToolDoesNotRun([Values] ReturnType returnType)
    {
        await using var host = GovernedHost.For<IWorkTools>(_tools);
        host.Enforcer.Decide = _ => null!;

        await Assert.ThrowsAsync<PolicyViolationException>(() => UseAsync(host.Get<IWorkTools>(), returnType));

        Assert.That(_tools.Runs, Is.Zero);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_blocked));
    }

    [Test]
    public async Task Logger_Throws_CallGoesItsWay([Values] ReturnType returnType, [Values] bool blocked)
    {
        await using var host = GovernedHost.Create(services => services
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new ThrowingLogger()))
            .AddSingleton<IWorkTools>(_tools)
            .AddGovernedTools<IWorkTools>());

        await AssertCallGoesItsWayAsync(host, returnType, blocked);
    }

    [Test]
    public async Task EventSink_Throws_CallGoesItsWay([Values] ReturnType returnType, [Values] bool blocked)
    {
        await using var host = GovernedHost.Create(services => services
            .AddSingleton<IEventSink, ThrowingSink>()
            .AddSingleton<IWorkTools>(_tools)
            .AddGovernedTools<IWorkTools>());

        await AssertCallGoesItsWayAsync(host, returnType, blocked);
    }

    [Test]
    public async Task ActivityListener_Throws_CallGoesItsWay([Values] ReturnType returnType, [Values] bool blocked, [Values] bool atStart)
    {
        await using var host = GovernedHost.For<IWorkTools>(_tools);
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Thoth.Interception",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = _ => ThrowIf(atStart),
            ActivityStopped = _ => ThrowIf(!atStart),
        };
        ActivitySource.AddActivityListener(listener);

        await AssertCallGoesItsWayAsync(host, returnType, blocked);
        Assert.That(Activity.Current, Is.Null);
    }

    [Test]
    public async Task MeterListener_Throws_CallGoesItsWay([Values] ReturnType returnType, [Values] bool blocked)
    {
        await using var host = GovernedHost.For<IWorkTools>(_tools);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Thoth.Interception")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => ThrowIf(true));
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => ThrowIf(true));
        listener.Start();

        await AssertCallGoesItsWayAsync(host, returnType, blocked);
    }

    [Test]
    public async Task Result_CannotBeMeasured_StillReachesTheCaller([Values] bool later)
    {
        await using var host = GovernedHost.For<IWorkTools>(_tools);

        var result = await host.Get<IWorkTools>().AwkwardAsync(later).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(result, Is.SameAs(_tools.Awkward));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(s_completed));
        Assert.That((await host.EventsAsync())[1].ResultSizeBytes, Is.Null);
    }

    [Test]
    public async Task Provider_IsDisposed_ToolDoesNotRun([Values] ReturnType returnType)
    {
        var host = GovernedHost.For<IWorkTools>(_tools);
        var tools = host.Get<IWorkTools>();
        await host.DisposeAsync();

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => UseAsync(tools, returnType));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionClosed));
        Assert.That(_tools.Runs, Is.Zero);
    }

    private async Task AssertCallGoesItsWayAsync(GovernedHost host, ReturnType returnType, bool blocked)
    {
        if (blocked)
        {
            host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
            await Assert.ThrowsAsync<PolicyViolationException>(() => UseAsync(host.Get<IWorkTools>(), returnType));
        }
        else
        {
            Assert.That(await UseAsync(host.Get<IWorkTools>(), returnType), Is.EqualTo("done x"));
        }

        Assert.That(_tools.Runs, Is.EqualTo(blocked ? 0 : 1));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(blocked ? s_blocked : s_completed));
    }

    private static void ThrowIf(bool condition)
    {
        if (condition)
        {
            throw new InvalidDataException();
        }
    }

    private static void Yield(ScriptedEnforcer enforcer) => enforcer.DecideAsync = async (request, _) =>
    {
        await Task.Yield();
        return enforcer.Decide(request);
    };

    private static async Task<string> UseAsync(IWorkTools tools, ReturnType returnType)
    {
        switch (returnType)
        {
            case ReturnType.Synchronous:
                return tools.Work("x");
            case ReturnType.Task:
                return await tools.WorkLaterAsync("x");
            case ReturnType.ValueTask:
                return await tools.MaybeWorkLaterAsync("x");
            case ReturnType.Sequence:
                return tools.Sequence("x").Single();
            default:
                return await tools.SequenceLaterAsync("x").SingleAsync();
        }
    }

    /// <summary>The serializer cannot even look at this type.</summary>
    [JsonConverter(typeof(BrokenConverter))]
    public sealed class Awkward;

    public sealed class BrokenConverter : JsonConverter<Awkward>
    {
        public BrokenConverter() => throw new ArithmeticException();

        public override Awkward Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Awkward value, JsonSerializerOptions options) => throw new NotSupportedException();
    }

    private sealed class WorkTools : IWorkTools
    {
        private int _runs;

        public int Runs => _runs;

        public Awkward Awkward { get; } = new();

        public string Work(string what)
        {
            Interlocked.Increment(ref _runs);
            return $"done {what}";
        }

        public async Task<string> WorkLaterAsync(string what)
        {
            await Task.Yield();
            return Work(what);
        }

        public ValueTask<string> MaybeWorkLaterAsync(string what) => new(Work(what));

        public IEnumerable<string> Sequence(string what)
        {
            yield return Work(what);
        }

        public async IAsyncEnumerable<string> SequenceLaterAsync(string what)
        {
            await Task.Yield();
            yield return Work(what);
        }

        public async Task<Awkward> AwkwardAsync(bool later)
        {
            if (later)
            {
                await Task.Yield();
            }

            return Awkward;
        }
    }

    private sealed class ThrowingSink : IEventSink
    {
        public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken) => throw new IOException("disk full");
    }

    private sealed class ThrowingLogger : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Thoth", StringComparison.Ordinal) ? this : NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => throw new IOException("disk full");

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new IOException("disk full");

        public void Dispose()
        {
        }
    }
}
