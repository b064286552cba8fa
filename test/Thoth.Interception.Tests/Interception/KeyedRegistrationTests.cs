using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Interception;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

public class KeyedRegistrationTests
{
    private static readonly object s_objectKey = new();

    private static readonly object[] s_keys = ["text", Region.North, 7, s_objectKey, typeof(string)];

    private static readonly ServiceLifetime[] s_lifetimes = Enum.GetValues<ServiceLifetime>();

    private enum Region
    {
        North,
        South,
    }

    public interface IMailTools
    {
        string Send(string to);
    }

    [Test]
    public async Task Keyed_ByType_IsGovernedUnderItsKey(
        [ValueSource(nameof(s_keys))] object key, [ValueSource(nameof(s_lifetimes))] ServiceLifetime lifetime)
    {
        await using var host = GovernedHost.Create(services => services
            .Put(new(typeof(IMailTools), key, typeof(KeyedMail), lifetime)).AddGovernedTools<IMailTools>());
        using var scope = host.Services.CreateScope();

        var tools = scope.ServiceProvider.GetRequiredKeyedService<IMailTools>(key);

        Assert.That(tools.Send("x"), Is.EqualTo($"{key} to x"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(
            ReferenceEquals(tools, scope.ServiceProvider.GetKeyedService<IMailTools>(key)), Is.EqualTo(lifetime != ServiceLifetime.Transient));
        Assert.That(
            ReferenceEquals(tools, host.Services.CreateScope().ServiceProvider.GetKeyedService<IMailTools>(key)),
            Is.EqualTo(lifetime == ServiceLifetime.Singleton));
        Assert.That(scope.ServiceProvider.GetService<IMailTools>(), Is.Null);
        Assert.That(scope.ServiceProvider.GetKeyedService<IMailTools>("unknown"), Is.Null);
    }

    [Test]
    public async Task Keyed_ByFactoryAndInstance_IsGovernedUnderItsKey([ValueSource(nameof(s_keys))] object key)
    {
        await using var host = GovernedHost.Create(services => services
            .AddKeyedScoped<IMailTools>(key, (_, given) => new KeyedMail(given!))
            .AddKeyedSingleton<IMailTools>("instance", new KeyedMail("instance"))
            .AddGovernedTools<IMailTools>());
        using var scope = host.Services.CreateScope();

        Assert.That(scope.ServiceProvider.GetRequiredKeyedService<IMailTools>(key).Send("x"), Is.EqualTo($"{key} to x"));
        Assert.That(host.Services.GetRequiredKeyedService<IMailTools>("instance").Send("x"), Is.EqualTo("instance to x"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Keyed_InjectedByAttribute_IsGoverned()
    {
        await using var host = GovernedHost.Create(services => services
            .AddKeyedSingleton<IMailTools, KeyedMail>(Region.North)
            .AddKeyedSingleton<IMailTools, KeyedMail>(Region.South)
            .AddSingleton<IMailTools>(new KeyedMail("none"))
            .AddGovernedTools<IMailTools>()
            .AddSingleton<MailUser>());

        Assert.That(host.Get<MailUser>().Use(), Is.EqualTo("North to x, South to x, none to x"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Keyed_DependencyOfTheImplementation_HasItsKeyToo()
    {
        await using var host = GovernedHost.Create(services => services
            .AddKeyedSingleton("a", new Tenant("acme"))
            .AddKeyedSingleton("b", new Tenant("bolt"))
            .AddKeyedSingleton<IMailTools, TenantMail>("b")
            .AddGovernedTools<IMailTools>());

        // One parameter names its key, one takes over that of the service, one gets the key itself.
        Assert.That(host.Services.GetRequiredKeyedService<IMailTools>("b").Send("x"), Is.EqualTo("acme, bolt, b to x"));
    }

    [Test]
    public async Task Keyed_SeveralOfOneKey_KeepTheirOrder()
    {
        await using var host = GovernedHost.Create(services => services
            .AddKeyedSingleton<IMailTools>(1, new KeyedMail("first"))
            .AddKeyedSingleton<IMailTools, KeyedMail>(1)
            .AddKeyedSingleton<IMailTools, KeyedMail>(1)
            .AddKeyedSingleton<IMailTools>(2, new KeyedMail("other"))
            .AddGovernedTools<IMailTools>());

        var one = host.Services.GetKeyedServices<IMailTools>(1).ToArray();
        var all = host.Services.GetKeyedServices<IMailTools>(KeyedService.AnyKey);

        Assert.That(one.Select(tools => tools.Send("x")), Is.EqualTo(["first to x", "1 to x", "1 to x"]));
        Assert.That(one, Is.Unique);
        Assert.That(host.Services.GetKeyedService<IMailTools>(1), Is.SameAs(one[2]));
        Assert.That(all.Select(tools => tools.Send("x")), Is.EqualTo(["first to x", "1 to x", "1 to x", "other to x"]));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(7));
    }

    [Test]
    public async Task AnyKey_EveryKey_IsGovernedAndReachesTheImplementation([Values] bool factory)
    {
        await using var host = GovernedHost.Create(services =>
        {
            services.Put(factory
                ? new(typeof(IMailTools), KeyedService.AnyKey, (_, key) => new KeyedMail(key!), ServiceLifetime.Singleton)
                : new(typeof(IMailTools), KeyedService.AnyKey, typeof(KeyedMail), ServiceLifetime.Singleton));
            services.AddKeyedSingleton<IMailTools>("own", new KeyedMail("own")).AddGovernedTools<IMailTools>();
        });

        var first = host.Services.GetRequiredKeyedService<IMailTools>("a");

        Assert.That(first.Send("x"), Is.EqualTo("a to x"));
        Assert.That(host.Services.GetRequiredKeyedService<IMailTools>(Region.South).Send("x"), Is.EqualTo("South to x"));
        Assert.That(host.Services.GetRequiredKeyedService<IMailTools>("own").Send("x"), Is.EqualTo("own to x"));
        Assert.That(host.Services.GetRequiredKeyedService<IMailTools>("a"), Is.SameAs(first));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Keyed_GovernedTwice_IsGovernedOnce()
    {
        await using var host = GovernedHost.Create(services => services
            .AddKeyedSingleton<IMailTools, KeyedMail>(s_objectKey)
            .AddGovernedTools<IMailTools>()
            .AddGovernedTools(type => type == typeof(IMailTools)));

        host.Services.GetRequiredKeyedService<IMailTools>(s_objectKey).Send("x");

        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(await host.EventNamesAsync(), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Unkeyed_ForwardsToAKeyedOne_IsAskedOnce()
    {
        await using var host = GovernedHost.Create(services => services
            .AddKeyedSingleton<IMailTools, KeyedMail>("a")
            .AddSingleton(provider => provider.GetRequiredKeyedService<IMailTools>("a"))
            .AddGovernedTools<IMailTools>());

        Assert.That(host.Get<IMailTools>().Send("x"), Is.EqualTo("a to x"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Registrations_OfKeyedServices_TellKeyAndImplementation()
    {
        var services = new ServiceCollection()
            .AddKeyedSingleton<IMailTools, KeyedMail>(Region.North)
            .AddKeyedSingleton<IMailTools>("instance", new KeyedMail("instance"))
            .AddKeyedScoped<IMailTools>(7, (_, key) => new KeyedMail(key!));
        var originals = services.ToArray();
        services.AddGovernedTools<IMailTools>();

        var registrations = GovernedServices.In(services).Registrations;

        Assert.That(registrations.Select(r => r.Key), Is.EqualTo(new object[] { Region.North, "instance", 7 }));
        Assert.That(registrations.Select(r => r.Implementation), Is.EqualTo(new[] { typeof(KeyedMail), typeof(KeyedMail), null }));
        Assert.That(registrations.Select(r => r.Original), Is.EqualTo(originals));
        Assert.That(registrations.Select(r => r.Governed), Is.EqualTo(services.Where(d => d.ServiceType == typeof(IMailTools))));
    }

    private sealed class KeyedMail([ServiceKey] object key) : IMailTools
    {
        public string Send(string to) => $"{key} to {to}";
    }

    private sealed record Tenant(string Name);

    private sealed class TenantMail([FromKeyedServices("a")] Tenant named, [FromKeyedServices] Tenant own, [ServiceKey] string key) : IMailTools
    {
        public string Send(string to) => $"{named.Name}, {own.Name}, {key} to {to}";
    }

    private sealed class MailUser(
        [FromKeyedServices(Region.North)] IMailTools north, [FromKeyedServices(Region.South)] IMailTools south, IMailTools none)
    {
        public string Use() => $"{north.Send("x")}, {south.Send("x")}, {none.Send("x")}";
    }
}
