using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Faults;

/// <summary>An enforcer, a serializer, a sink and a logger that throw (contract §1.2.1, §2.3, §5.1).</summary>
internal static class HostFaults
{
    public static IEnumerable<Fault> All =>
    [
        Enforcer("enforcer throws", FaultOutcome.Refused, () => throw new InvalidOperationException("bug")),
        Enforcer("enforcer throws a timeout", FaultOutcome.Refused, () => throw new TimeoutException()),
        Enforcer("enforcer throws an HTTP error", FaultOutcome.Refused, () => throw new HttpRequestException("bug", null, System.Net.HttpStatusCode.ServiceUnavailable)),
        Enforcer("enforcer is cancelled, not by the caller", FaultOutcome.Refused, () => throw new OperationCanceledException()),
        Enforcer("enforcer returns nothing", FaultOutcome.Refused, () => null!),
        Enforcer("enforcer returns an undefined verdict", FaultOutcome.Refused, () => new() { Type = (DecisionType)99 }) with { Codes = [SdkReasonCodes.UnsupportedDecision] },
        Enforcer("enforcer is unavailable", FaultOutcome.Outage, () => throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerUnreachable, "down")) with { Codes = [SdkReasonCodes.EnforcerUnreachable] },
        Late("enforcer throws", FaultOutcome.Refused, () => throw new InvalidOperationException("bug")),
        Late("enforcer is cancelled, not by the caller", FaultOutcome.Refused, () => throw new OperationCanceledException()),
        Late("enforcer returns nothing", FaultOutcome.Refused, () => null!),
        new("enforcer throws about a hold", FaultOutcome.Refused)
        {
            Build = builder => builder.UseEnforcer(new ScriptedEnforcer
            {
                Decide = _ => new() { Type = DecisionType.StepUp, HoldToken = "t" },
                Hold = (_, _, _) => throw new InvalidOperationException("bug"),
            }),
            Configure = options => options.StepUp.Timeout = TimeSpan.FromMilliseconds(200),
            IsSlow = true,
            Codes = [SdkReasonCodes.StepUpTimeout],
            Exception = typeof(StepUpRejectedException),
        },
        Serializer("serializer throws", () => new Throwing()),
        Serializer("serializer throws out of a deep place", () => new object?[] { 1, new Dictionary<string, object?> { ["a"] = new Throwing() } }),
        Serializer("argument without end", () => new Cyclic()),
        Serializer("argument nested too deeply", () => Enumerable.Range(0, 100).Aggregate((object)1, (inner, _) => new[] { inner })),
        Serializer("argument too large", () => new string('x', (1024 * 1024) + 1)),
        Serializer("argument that is not JSON", () => double.NaN),
        Serializer("serializer throws after the approval", () => new ThrowingLater()) with { Codes = [SdkReasonCodes.ToolArgsChanged, SdkReasonCodes.ToolArgsNotSerializable] },
        Serializer("argument that changes after the approval", () => new Changing()) with { Codes = [SdkReasonCodes.ToolArgsChanged] },
        .. Around("sink throws", builder => builder.AddEventSink(new ThrowingSink(asynchronous: false))),
        .. Around("sink throws later", builder => builder.AddEventSink(new ThrowingSink(asynchronous: true))),
        new("sink never completes", FaultOutcome.Runs)
        {
            Build = builder => builder.AddEventSink(new SilentSink()), Configure = options => options.Events.DrainTimeout = TimeSpan.FromMilliseconds(1), HasEvents = false,
        },
        .. Around("logger throws", builder => builder.Services.AddLogging(logging => logging.AddProvider(new ThrowingLogger()))),
    ];

    private static Fault Enforcer(string name, FaultOutcome outcome, Func<EnforcementDecision> decide) => new(name, outcome)
    {
        Build = builder => builder.UseEnforcer(new ScriptedEnforcer { Decide = _ => decide() }),
        Codes = [SdkReasonCodes.EnforcerInvalidResponse],
    };

    private static Fault Late(string name, FaultOutcome outcome, Func<EnforcementDecision> decide) => new($"{name}, later", outcome)
    {
        Build = builder => builder.UseEnforcer(new ScriptedEnforcer
        {
            DecideAsync = async (_, _) =>
            {
                await Task.Yield();
                return decide();
            },
        }),
        Codes = [SdkReasonCodes.EnforcerInvalidResponse],
    };

    private static Fault Serializer(string name, Func<object> extra) => new(name, FaultOutcome.Refused)
    {
        Payload = () => new("original", extra()),
        Codes = [SdkReasonCodes.ToolArgsNotSerializable],
    };

    /// <summary>A failing observer of a call must not change how the call ends.</summary>
    private static IEnumerable<Fault> Around(string name, Action<IThothBuilder> build) =>
    [
        new($"{name}: ALLOW", FaultOutcome.Runs) { Build = build },
        new($"{name}: BLOCK", FaultOutcome.Refused) { Build = build, Responses = [FaultResponse.Json("""{"decision":"BLOCK"}""")], Codes = [null] },
        new($"{name}: malformed", FaultOutcome.Refused) { Build = build, Responses = [FaultResponse.Json("[")], Codes = [SdkReasonCodes.EnforcerInvalidResponse] },
        new($"{name}: 401", FaultOutcome.Refused) { Build = build, Responses = [FaultResponse.Http(401, "expired")], Codes = [SdkReasonCodes.EnforcerHttpError] },
        new($"{name}: 503", FaultOutcome.Outage) { Build = build, Responses = [FaultResponse.Http(503, "")], Codes = [SdkReasonCodes.EnforcerHttpError] },
        new($"{name}: cancelled before", FaultOutcome.Cancelled) { Build = build, Before = caller => caller.Cancel() },
        new($"{name}: cancelled inside the tool", FaultOutcome.RunsIntoCancellation) { Build = build, Inside = caller => caller.Cancel() },
    ];

    private sealed class Throwing
    {
        public string Text => throw new InvalidOperationException("bug");
    }

    private sealed class ThrowingLater
    {
        private int _reads;

        public string Text => _reads++ == 0 ? "fine" : throw new InvalidOperationException("bug");
    }

    private sealed class Changing
    {
        private int _reads;

        public int Number => _reads++;
    }

    private sealed class Cyclic
    {
        public Cyclic Self => this;
    }

    private sealed class ThrowingSink(bool asynchronous) : IEventSink
    {
        public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
        {
            if (asynchronous)
            {
                await Task.Yield();
            }

            throw new InvalidOperationException("bug");
        }
    }

    private sealed class SilentSink : IEventSink
    {
        public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken) =>
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    private sealed class ThrowingLogger : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => throw new InvalidOperationException("bug");

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("bug");

        public void Dispose()
        {
        }
    }
}
