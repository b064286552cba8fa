using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.DependencyInjection;

namespace Thoth.Interception.Tests.Faults;

/// <summary>Governed tools with every return type, which count their runs, in front of a server that misbehaves.</summary>
internal sealed class FaultHost : IAsyncDisposable
{
    private static readonly AsyncLocal<CancellationTokenSource?> s_caller = new();

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _callers = new();
    private readonly ConcurrentDictionary<string, List<string>> _runs = new();
    private readonly InMemoryEventSink _sink = new();
    private readonly Fault _fault;
    private readonly ServiceProvider _services;
    private readonly IFaultTools _tools;
    private int _calls;

    public FaultHost(Fault fault, EnforcementMode mode, bool failOpen)
    {
        _fault = fault;
        Server = new FaultServer(fault.Listens, fault.Connection);
        Server.OnHold = fault.Hold ?? Server.OnHold;
        var services = new ServiceCollection();
        services.AddSingleton(new ThothEnvironment(_ => null));
        var builder = services.AddThoth(options =>
        {
            options.TenantId = "acme";
            options.AgentId = "agent";
            // Without a key no events are sent, and every request that the server sees is an enforce request.
            options.ApiUrl = fault.Url(Server.Url);
            options.Enforcement = mode;
            options.FailOpen = failOpen;

            // A machine under load must not turn a response into an outage.
            options.EnforcementTimeout = fault.Waits ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromMinutes(1);
            options.StepUp.PollInterval = TimeSpan.FromMilliseconds(5);
            options.StepUp.Timeout = TimeSpan.FromSeconds(20);
            fault.Configure(options);
        }).AddEventSink(_sink);
        fault.Build(builder);
        services.AddSingleton<IFaultTools>(new FaultTools(Run)).AddGovernedTools<IFaultTools>();
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        _tools = _services.GetRequiredService<IFaultTools>();
    }

    /// <summary>Gets the cancellation of the call under way.</summary>
    public static CancellationTokenSource Caller => s_caller.Value!;

    public FaultServer Server { get; }

    /// <summary>What the last tool that ran was given.</summary>
    public object? Got { get; private set; }

    /// <summary>Makes one call and says what came of it.</summary>
    public async Task<FaultResult> CallAsync(string returnType)
    {
        using var caller = new CancellationTokenSource();
        s_caller.Value = caller;
        Server.Callers[returnType] = caller;
        _callers[returnType] = caller;
        var runs = _runs[returnType] = [];
        Interlocked.Increment(ref _calls);
        _fault.Before(caller);
        try
        {
            var result = await FaultTools.CallAsync(_tools, returnType, _fault.Payload(), caller.Token);
            return new(runs, result, null, caller.Token);
        }
        catch (Exception exception)
        {
            return new(runs, null, exception, caller.Token);
        }
    }

    /// <summary>One event for each call that was requested, and one for how it ended.</summary>
    /// <returns>What is wrong with that, if anything.</returns>
    public async Task<string?> EventsAsync()
    {
        if (!_fault.HasEvents)
        {
            return null;
        }

        await _services.GetRequiredService<IEventPipeline>().FlushAsync();
        var events = _sink.Events.Count(e => e.Type != BehavioralEventType.SessionStarted);
        var before = _sink.Events.Count(e => e.Type == BehavioralEventType.ToolCallPre);
        return before == _calls && events == 2 * _calls ? null : $"{_calls} calls left {before} + {events - before} events";
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Server.DisposeAsync();
    }

    private string Run(string returnType, FaultPayload payload, CancellationToken token)
    {
        lock (_runs[returnType])
        {
            _runs[returnType].Add(payload.Text);
        }

        Got = payload.Extra;
        _fault.Inside(_callers[returnType]);
        if (_fault.Outcome == FaultOutcome.RunsIntoCancellation)
        {
            token.ThrowIfCancellationRequested();
        }

        return payload.Text;
    }
}
