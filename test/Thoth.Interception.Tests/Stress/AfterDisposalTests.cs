using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Stress;

/// <summary>A service provider that is gone, or on its way: from then on nothing runs, because nothing would be on record.</summary>
public class AfterDisposalTests
{
    private readonly ConcurrentQueue<long> _runs = new();
    private readonly StressTools _tools = new();

    public AfterDisposalTests() => _tools.OnRun = (token, _) => _runs.Enqueue(token);

    [Test]
    public async Task Call_ProviderIsDisposed_IsRefused(
        [Values] ToolReturnType returnType, [Values(EnforcementMode.Block, EnforcementMode.Observe)] EnforcementMode mode, [Values] bool inSession)
    {
        var host = GovernedHost.For<IStressTools>(_tools, options => (options.Enforcement, options.FailOpen) = (mode, true));
        host.Enforcer.Decide = _ => throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerUnreachable, "down");
        var (tools, pipeline) = (host.Get<IStressTools>(), host.Get<IEventPipeline>());
        using var session = inSession ? host.Sessions.Start() : null;
        await host.DisposeAsync();
        var before = pipeline.Statistics;

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(() => tools.UseAsync(returnType, 1));

        Assert.That(refusal!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionClosed));
        Assert.That(_runs, Is.Empty);
        Assert.That(pipeline.Statistics.DroppedClosed - before.DroppedClosed, Is.EqualTo(2), "that it was asked for, and that it was refused");
        Assert.That(pipeline.Statistics.Waiting, Is.Zero);
    }

    [Test]
    public async Task Call_DecisionIsPendingWhenTheProviderIsDisposed_NeverRuns([Values] ToolReturnType returnType, [Values] bool inSession)
    {
        var host = GovernedHost.For<IStressTools>(_tools);
        var (asked, decision) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Enforcer.DecideAsync = async (_, _) =>
        {
            asked.SetResult();
            await decision.Task;
            return ScriptedEnforcer.Allow;
        };
        var (tools, pipeline) = (host.Get<IStressTools>(), host.Get<IEventPipeline>());
        using var session = inSession ? host.Sessions.Start() : null;
        var call = Task.Run(() => tools.UseAsync(returnType, 1));
        await asked.Task;
        await host.DisposeAsync();

        decision.SetResult();

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(() => call);
        Assert.That(refusal!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionClosed));
        Assert.That(_runs, Is.Empty);
        Assert.That(host.Sink.Events.Where(e => e.ToolName == StressCalls.ToolOf(returnType)).Select(e => e.Phase), Is.EqualTo([EventPhase.Pre]));
        Assert.That(pipeline.Statistics.DroppedClosed, Is.EqualTo(1), "that it was refused");
        Assert.That(pipeline.Statistics.Waiting, Is.Zero);
    }

    [Test]
    public async Task Call_WhileTheProviderDeliversItsLastEvents_IsRefused(
        [Values] ToolReturnType returnType, [Values] bool sessionsComeFirst, [Values] bool inSession)
    {
        var sink = new GatedSink();
        var services = StressHost.Create(
            new ScriptedEnforcer(), sink, s => s.AddSingleton<IStressTools>(_tools).AddGovernedTools<IStressTools>());

        // What is made last is disposed first: the order of resolution must not matter.
        services.GetRequiredService(sessionsComeFirst ? typeof(IThothSessions) : typeof(IEventPipeline));
        var tools = services.GetRequiredService<IStressTools>();
        services.GetRequiredService(sessionsComeFirst ? typeof(IEventPipeline) : typeof(IThothSessions));
        var sessions = services.GetRequiredService<IThothSessions>();
        using var session = inSession ? sessions.Start() : null;
        await tools.UseAsync(returnType, 1);
        var disposal = services.DisposeAsync().AsTask();
        await sink.Sending.Task;
        var isDelivering = !disposal.IsCompleted;

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(() => tools.UseAsync(returnType, 2));
        sink.Gate.SetResult();
        await disposal;

        Assert.That(isDelivering, Is.True);
        Assert.That(refusal!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionClosed));
        Assert.That(_runs, Is.EqualTo([1]));
    }

    [Test]
    public async Task Sequence_EnumeratedAfterTheProviderIsDisposed_NeverRuns()
    {
        var host = GovernedHost.For<IStressTools>(_tools);
        var sequence = host.Get<IStressTools>().Sequence(1, "t1");
        var pipeline = host.Get<IEventPipeline>();
        await host.DisposeAsync();

        var first = Assert.Throws<PolicyViolationException>(() => sequence.ToList());
        var second = Assert.Throws<PolicyViolationException>(() => sequence.ToList());

        Assert.That(first!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionClosed));
        Assert.That(second!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionClosed));
        Assert.That(_runs, Is.Empty);
        Assert.That(pipeline.Statistics.DroppedClosed, Is.EqualTo(3), "the first call's end, and both events of the second");
    }

    [Test]
    public async Task Sequence_EnumeratedAfterItsSessionIsClosed_NeverRunsInIt()
    {
        await using var host = GovernedHost.For<IStressTools>(_tools);
        IEnumerable<long> sequence;
        using (host.Sessions.Start())
        {
            sequence = host.Get<IStressTools>().Sequence(1, "t1");
        }

        var refusal = Assert.Throws<PolicyViolationException>(() => sequence.ToList());

        Assert.That(refusal!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SessionClosed));
        Assert.That(_runs, Is.Empty);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["SessionStarted/Pre", "ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    [Test]
    public async Task Call_IsRunningWhenTheProviderIsDisposed_EndsAsWithoutIt([Values] bool sequence)
    {
        var host = GovernedHost.For<IStressTools>(_tools);
        var (running, rest) = (new TaskCompletionSource(), new TaskCompletionSource());
        _tools.Waits = _ => true;
        _tools.Wait = () =>
        {
            running.SetResult();
            return rest.Task;
        };
        var pipeline = host.Get<IEventPipeline>();
        var call = host.Get<IStressTools>().UseAsync(sequence ? ToolReturnType.AsyncSequence : ToolReturnType.TaskOfResult, 1);
        await running.Task;
        await host.DisposeAsync();

        rest.SetResult();

        Assert.That(await call, Is.EqualTo(1));
        Assert.That(host.Sink.Events.Select(e => e.Phase), Is.EqualTo([EventPhase.Pre]));
        Assert.That(pipeline.Statistics.DroppedClosed, Is.EqualTo(1), "that it has ended");
    }

    [Test]
    public async Task Call_ScopeIsDisposed_IsGovernedAndFailsAsTheToolDoes([Values] ToolReturnType returnType)
    {
        await using var host = GovernedHost.Create(services => services
            .AddScoped<ScopedState>().AddScoped<IStressTools>(ToolsOf).AddGovernedTools<IStressTools>());
        IStressTools bare, governed;
        await using (var scope = host.Services.CreateAsyncScope())
        {
            governed = scope.ServiceProvider.GetRequiredService<IStressTools>();
            bare = ToolsOf(scope.ServiceProvider);
        }

        var without = await Assert.ThrowsAsync<ObjectDisposedException>(() => bare.UseAsync(returnType, 1));
        var with = await Assert.ThrowsAsync<ObjectDisposedException>(() => governed.UseAsync(returnType, 1));

        Assert.That(with!.Message, Is.EqualTo(without!.Message));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPost/Error"]));
    }

    [Test]
    public async Task Call_ScopeIsDisposedAndTheEnforcerBlocks_IsRefused([Values] ToolReturnType returnType, [Values] ServiceLifetime lifetime)
    {
        await using var host = GovernedHost.Create(services =>
        {
            services.Add(new ServiceDescriptor(typeof(IStressTools), _ => _tools, lifetime));
            services.AddGovernedTools<IStressTools>();
        });
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
        IStressTools governed;
        await using (var scope = host.Services.CreateAsyncScope())
        {
            governed = scope.ServiceProvider.GetRequiredService<IStressTools>();
        }

        await Assert.ThrowsAsync<PolicyViolationException>(() => governed.UseAsync(returnType, 1));

        Assert.That(_runs, Is.Empty);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    private static StressTools ToolsOf(IServiceProvider scope)
    {
        var state = scope.GetRequiredService<ScopedState>();
        return new StressTools { OnRun = (_, _) => state.Use() };
    }

    private sealed class ScopedState : IDisposable
    {
        private bool _isDisposed;

        public void Use() => ObjectDisposedException.ThrowIf(_isDisposed, this);

        public void Dispose() => _isDisposed = true;
    }

    private sealed class GatedSink : IEventSink
    {
        public TaskCompletionSource Sending { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
        {
            Sending.TrySetResult();
            await Gate.Task;
        }
    }
}
