using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests;

public class BuilderTests
{
    public interface IChainTools
    {
        string Greet(string name);
    }

    [TestCase("typed")]
    [TestCase("with implementation")]
    [TestCase("by predicate")]
    public async Task AddGovernedTools_OnTheBuilder_GovernsInOneChain(string form)
    {
        var (enforcer, sink) = (new ScriptedEnforcer(), new InMemoryEventSink());
        var services = new ServiceCollection();
        if (form != "with implementation")
        {
            services.AddScoped<IChainTools, ChainTools>();
        }

        var thoth = services.AddThoth(options => (options.TenantId, options.AgentId) = ("t", "a")).UseEnforcer(enforcer).AddEventSink(sink);
        var chained = form switch
        {
            "typed" => thoth.AddGovernedTools<IChainTools>(options => options.Arguments = ArgumentIsolation.Copy),
            "with implementation" => thoth.AddGovernedTools<IChainTools, ChainTools>(),
            _ => thoth.AddGovernedTools(type => type == typeof(IChainTools)),
        };
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();

        Assert.That(scope.ServiceProvider.GetRequiredService<IChainTools>().Greet("Ada"), Is.EqualTo("Hello Ada"));
        await provider.GetRequiredService<IEventPipeline>().FlushAsync();

        Assert.That(chained, Is.SameAs(thoth));
        Assert.That(sink.Events.Select(e => e.ToolName).Distinct(), Is.EqualTo([form == "by predicate" ? "chain_tools__greet" : "greet"]));
    }

    [Test]
    public async Task Factories_AreCalledOnceWithTheServices_AndTheContainerDisposesWhatTheyMade()
    {
        var (enforcers, sinks) = (new List<DisposableEnforcer>(), new List<DisposableSink>());
        var services = new ServiceCollection();
        services.AddThoth(options => (options.TenantId, options.AgentId) = ("t", "a"))
            .UseEnforcer(new ScriptedEnforcer())
            .UseEnforcer(provider => Made(enforcers, new DisposableEnforcer(provider.GetRequiredService<TimeProvider>())))
            .AddEventSink(provider => Made(sinks, new DisposableSink(provider.GetRequiredService<TimeProvider>())))
            .AddGovernedTools<IChainTools, ChainTools>(ServiceLifetime.Singleton);
        await using (var provider = services.BuildServiceProvider())
        {
            provider.GetRequiredService<IChainTools>().Greet("Ada");
            provider.GetRequiredService<IChainTools>().Greet("Bob");
        }

        Assert.That((enforcers.Single().Calls, enforcers.Single().IsDisposed), Is.EqualTo((2, true)));
        Assert.That((sinks.Single().Events, sinks.Single().IsDisposed), Is.EqualTo((4, true)));
    }

    [Test]
    public void Null_Throws()
    {
        var thoth = new ServiceCollection().AddThoth();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => thoth.UseEnforcer((Func<IServiceProvider, IEnforcer>)null!), Throws.ArgumentNullException);
            Assert.That(() => thoth.AddEventSink((Func<IServiceProvider, IEventSink>)null!), Throws.ArgumentNullException);
            Assert.That(() => thoth.AddGovernedTools(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("predicate"));
            Assert.That(() => ((IThothBuilder)null!).AddGovernedTools<IChainTools>(), Throws.ArgumentNullException);
        }
    }

    private static T Made<T>(List<T> made, T value)
    {
        made.Add(value);
        return value;
    }

    private sealed class ChainTools : IChainTools
    {
        public string Greet(string name) => $"Hello {name}";
    }

    private sealed class DisposableEnforcer(TimeProvider time) : IEnforcer, IDisposable
    {
        private readonly ScriptedEnforcer _enforcer = new();

        public int Calls { get; private set; }

        public bool IsDisposed { get; private set; }

        public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken)
        {
            Assert.That(time, Is.Not.Null);
            Calls++;
            return _enforcer.EvaluateAsync(request, cancellationToken);
        }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class DisposableSink(TimeProvider time) : IEventSink, IDisposable
    {
        public int Events { get; private set; }

        public bool IsDisposed { get; private set; }

        public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
        {
            Assert.That(time, Is.Not.Null);
            Events += events.Count;
            return ValueTask.CompletedTask;
        }

        public void Dispose() => IsDisposed = true;
    }
}
