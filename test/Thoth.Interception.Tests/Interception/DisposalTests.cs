using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Tests;

public class DisposalTests
{
    private static readonly ServiceLifetime[] s_lifetimes = Enum.GetValues<ServiceLifetime>();

    private static readonly (Type Tools, Type Implementation)[] s_synchronouslyDisposable =
    [
        (typeof(IPlainTools), typeof(Synchronous)), (typeof(IPlainTools), typeof(Both)), (typeof(IDisposableTools), typeof(Synchronous)),
        (typeof(IDisposableTools), typeof(Both)), (typeof(IBothTools), typeof(Both)),
    ];

    public interface IPlainTools
    {
        void Run();
    }

    public interface IDisposableTools : IPlainTools, IDisposable;

    public interface IAsyncDisposableTools : IPlainTools, IAsyncDisposable;

    public interface IBothTools : IDisposableTools, IAsyncDisposableTools;

    [Test]
    public async Task Scope_DisposedSynchronously_DisposesTheServiceOnce(
        [ValueSource(nameof(s_lifetimes))] ServiceLifetime lifetime,
        [ValueSource(nameof(s_synchronouslyDisposable))] (Type Tools, Type Implementation) registration)
    {
        var (host, log) = Host(lifetime, registration.Tools, registration.Implementation);
        using (var scope = host.Services.CreateScope())
        {
            ((IPlainTools)scope.ServiceProvider.GetRequiredService(registration.Tools)).Run();
        }

        await DisposeAndAssertAsync(host, log, lifetime, "Dispose");
    }

    [Test]
    public async Task Scope_DisposedAsynchronously_DisposesTheServiceOnce(
        [ValueSource(nameof(s_lifetimes))] ServiceLifetime lifetime,
        [Values(typeof(IPlainTools), typeof(IDisposableTools), typeof(IAsyncDisposableTools), typeof(IBothTools))] Type tools)
    {
        var (host, log) = Host(lifetime, tools, typeof(Both));
        await using (var scope = host.Services.CreateAsyncScope())
        {
            ((IPlainTools)scope.ServiceProvider.GetRequiredService(tools)).Run();
        }

        await DisposeAndAssertAsync(host, log, lifetime, "DisposeAsync");
    }

    [Test]
    public async Task Scope_ServiceIsAsynchronouslyDisposableOnly_DisposesItOnce([ValueSource(nameof(s_lifetimes))] ServiceLifetime lifetime)
    {
        var (host, log) = Host(lifetime, typeof(IAsyncDisposableTools), typeof(Asynchronous));
        await using (var scope = host.Services.CreateAsyncScope())
        {
            scope.ServiceProvider.GetRequiredService<IAsyncDisposableTools>().Run();
        }

        await DisposeAndAssertAsync(host, log, lifetime, "DisposeAsync");
    }

    [Test]
    public async Task Provider_InstanceRegistration_IsNeverDisposed([Values] bool synchronously)
    {
        var log = new List<string>();
        var host = GovernedHost.For<IBothTools>(new Both(log));
        host.Get<IBothTools>().Run();

        await DisposeAsync(host, synchronously);

        Assert.That(log, Is.Empty);
    }

    [Test]
    public async Task Service_DisposedByTheUser_IsDisposedOnceByTheUserAndOnceByTheContainer()
    {
        var (host, log) = Host(ServiceLifetime.Scoped, typeof(IBothTools), typeof(Both));
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var tools = scope.ServiceProvider.GetRequiredService<IBothTools>();
            tools.Dispose();
            await tools.DisposeAsync();
        }

        Assert.That(log, Is.EqualTo(["Dispose", "DisposeAsync", "DisposeAsync"]));
        Assert.That(host.Enforcer.Requests, Is.Empty);
        await host.DisposeAsync();
    }

    [Test]
    public async Task Instance_DisposedByTheUser_IsDisposed()
    {
        var log = new List<string>();
        await using var host = GovernedHost.For<IBothTools>(new Both(log));

        using (var tools = host.Get<IBothTools>())
        {
            tools.GetHashCode();
        }

        Assert.That(log, Is.EqualTo(["Dispose"]));
        Assert.That(await host.EventsAsync(), Is.Empty);
    }

    [Test]
    public async Task Scope_EnforcerBlocksEverything_DisposesAllTheSame([Values] bool synchronously)
    {
        var (host, log) = Host(ServiceLifetime.Transient, typeof(IBothTools), typeof(Both));
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
        host.Get<IBothTools>().GetHashCode();
        host.Get<IBothTools>().GetHashCode();

        await DisposeAsync(host, synchronously);

        Assert.That(log, Has.Count.EqualTo(2));
        Assert.That(host.Sink.Events, Is.Empty);
    }

    [Test]
    public async Task Scope_OtherServicesDisposalUsesTheTool_CallIsStillAnswered()
    {
        var log = new List<string>();
        var host = GovernedHost.Create(services => services
            .AddSingleton(log)
            .AddScoped<IBothTools, Both>()
            .AddGovernedTools<IBothTools>()
            .AddScoped<Closing>());
        await using (var scope = host.Services.CreateAsyncScope())
        {
            scope.ServiceProvider.GetRequiredService<Closing>();
        }

        Assert.That(log, Is.EqualTo(["DisposeAsync"]));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPost/Post"]));
        await host.DisposeAsync();
    }

    private static (GovernedHost Host, List<string> Log) Host(ServiceLifetime lifetime, Type tools, Type implementation)
    {
        var log = new List<string>();
        var host = GovernedHost.Create(services =>
        {
            services.AddSingleton(log);
            services.Add(new ServiceDescriptor(tools, implementation, lifetime));
            services.AddGovernedTools(type => type == tools);
        });
        return (host, log);
    }

    private static async Task DisposeAndAssertAsync(GovernedHost host, List<string> log, ServiceLifetime lifetime, string disposal)
    {
        var afterScope = log.ToArray();
        var events = await host.EventNamesAsync();
        await DisposeAsync(host, synchronously: disposal == "Dispose");

        Assert.That(afterScope, Is.EqualTo(lifetime == ServiceLifetime.Singleton ? [] : new[] { disposal }));
        Assert.That(log, Is.EqualTo([disposal]));
        Assert.That(events, Is.EqualTo(["ToolCallPre/Pre", "ToolCallPost/Post"]));
    }

    private static async Task DisposeAsync(GovernedHost host, bool synchronously)
    {
        if (synchronously)
        {
            host.Services.Dispose();
        }
        else
        {
            await host.DisposeAsync();
        }
    }

    private sealed class Synchronous(List<string> log) : IDisposableTools
    {
        public void Run()
        {
        }

        public void Dispose() => log.Add("Dispose");
    }

    private sealed class Asynchronous(List<string> log) : IAsyncDisposableTools
    {
        public void Run()
        {
        }

        public ValueTask DisposeAsync()
        {
            log.Add("DisposeAsync");
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Both(List<string> log) : IBothTools
    {
        public void Run()
        {
        }

        public void Dispose() => log.Add("Dispose");

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            log.Add("DisposeAsync");
        }
    }

    private sealed class Closing(IBothTools tools) : IDisposable
    {
        public void Dispose() => tools.Run();
    }
}
