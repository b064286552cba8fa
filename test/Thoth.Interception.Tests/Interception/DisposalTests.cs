using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

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
    public async Task Service_OfAnInterfaceThatIsNotDisposable_IsDisposableAsBare()
    {
        var (host, log) = Host(ServiceLifetime.Scoped, typeof(IPlainTools), typeof(Both));
        var (other, _) = Host(ServiceLifetime.Scoped, typeof(IPlainTools), typeof(Synchronous));
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var tools = scope.ServiceProvider.GetRequiredService<IPlainTools>();
            ((IDisposable)tools).Dispose();
            await ((IAsyncDisposable)tools).DisposeAsync();
        }

        using (var scope = other.Services.CreateScope())
        {
            Assert.That(scope.ServiceProvider.GetRequiredService<IPlainTools>(), Is.InstanceOf<IDisposable>().And.Not.InstanceOf<IAsyncDisposable>());
        }

        Assert.That(log, Is.EqualTo(["Dispose", "DisposeAsync", "DisposeAsync"]));
        Assert.That(host.Enforcer.Requests, Is.Empty);
        await host.DisposeAsync();
        await other.DisposeAsync();
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
    public async Task Scope_OtherServicesDisposalUsesTheTool_CallStillRuns()
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

    [Test]
    public async Task Scope_AsynchronouslyDisposableOnlyButDisposedSynchronously_ThrowsAsBare([Values] bool factory, [Values(null, "a")] string? key)
    {
        var log = new List<string>();
        var descriptor = factory
            ? new ServiceDescriptor(typeof(IPlainTools), key, (_, _) => new Asynchronous(log), ServiceLifetime.Scoped)
            : new ServiceDescriptor(typeof(IPlainTools), key, typeof(Asynchronous), ServiceLifetime.Scoped);
        await using var bare = new ServiceCollection().AddSingleton(log).Put(descriptor).BuildServiceProvider();
        await using var host = GovernedHost.Create(services => services.AddSingleton(log).Put(descriptor).AddGovernedTools<IPlainTools>());

        var expected = Assert.Throws<InvalidOperationException>(() => UseAndDispose(bare));

        Assert.That(() => UseAndDispose(host.Services), Throws.InvalidOperationException.With.Message.EqualTo(expected!.Message));

        void UseAndDispose(IServiceProvider provider)
        {
            using var scope = provider.CreateScope();
            scope.ServiceProvider.GetKeyedService<IPlainTools>(key)!.Run();
        }
    }

    [Test]
    public async Task Scope_RegistrationsOfEveryForm_AreDisposedAsOftenAndInTheOrderOfTheBareOnes([Values] bool synchronously)
    {
        var bare = await LogAsync(_ => { });
        var governed = await LogAsync(services => services.AddGovernedTools<IPlainTools>(
            o => o.AllowUngoverned(typeof(Named), "a forwarded class is one of the forms")));

        Assert.That(governed, Is.EqualTo(bare));
        Assert.That(bare, Does.Contain("transient").And.Contain("keyed").And.Contain("forwarded").And.Not.Contain("instance"));

        async Task<List<string>> LogAsync(Action<IServiceCollection> govern)
        {
            var log = new List<string>();
            var host = GovernedHost.Create(services => govern(services
                .AddSingleton(log)
                .AddScoped<IPlainTools>(_ => new Named(log, "scoped"))
                .AddKeyedScoped<IPlainTools>(7, (_, _) => new Named(log, "keyed"))
                .AddTransient<IPlainTools>(_ => new Named(log, "transient"))
                .AddSingleton<IPlainTools>(new Named(log, "instance"))
                .AddSingleton(_ => new Named(log, "forwarded"))
                .AddSingleton<IPlainTools>(provider => provider.GetRequiredService<Named>())
                .AddKeyedScoped<IPlainTools, Both>(KeyedService.AnyKey)
                .AddScoped<IPlainTools, Synchronous>()));
            var scope = host.Services.CreateAsyncScope();
            foreach (var tools in scope.ServiceProvider.GetServices<IPlainTools>().Append(scope.ServiceProvider.GetKeyedService<IPlainTools>("any")!)
                .Append(scope.ServiceProvider.GetKeyedService<IPlainTools>(7)!).Concat(scope.ServiceProvider.GetServices<IPlainTools>()))
            {
                tools.Run();
            }

            if (synchronously)
            {
                ((IDisposable)scope).Dispose();
            }
            else
            {
                await scope.DisposeAsync();
            }

            log.Add("scope ended");
            await DisposeAsync(host, synchronously);
            return log;
        }
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

    private sealed class Named(List<string> log, string name) : IPlainTools, IDisposable
    {
        public void Run()
        {
        }

        public void Dispose() => log.Add(name);
    }

    private sealed class Closing(IBothTools tools) : IDisposable
    {
        public void Dispose() => tools.Run();
    }
}
