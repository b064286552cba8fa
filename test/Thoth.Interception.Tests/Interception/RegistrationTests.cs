using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

public class RegistrationTests
{
    public interface IMailTools
    {
        string Send(string to);
    }

    public interface IPhoneTools
    {
        string Call(string number);
    }

    public interface IGenericTools<T>
    {
        string Name();
    }

    [Test]
    public async Task AddGovernedTools_Twice_GovernsOnce()
    {
        await using var host = GovernedHost.Create(services => services
            .AddSingleton<IMailTools>(new Mail("a"))
            .AddGovernedTools<IMailTools>()
            .AddGovernedTools<IMailTools>()
            .AddGovernedTools(type => type == typeof(IMailTools)));

        Assert.That(host.Get<IMailTools>().Send("x"), Is.EqualTo("a to x"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(await host.EventNamesAsync(), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task AddGovernedTools_AfterAFurtherRegistration_GovernsThatOneToo()
    {
        await using var host = GovernedHost.Create(services => services
            .AddSingleton<IMailTools>(new Mail("a"))
            .AddGovernedTools<IMailTools>()
            .AddSingleton<IMailTools>(new Mail("b"))
            .AddGovernedTools<IMailTools>());

        var results = host.Services.GetServices<IMailTools>().Select(tools => tools.Send("x")).ToArray();

        Assert.That(results, Is.EqualTo(["a to x", "b to x"]));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task AddGovernedTools_SeveralRegistrations_GovernsEachAndKeepsTheirOrder()
    {
        await using var host = GovernedHost.Create(services => services
            .AddSingleton<IMailTools>(new Mail("a"))
            .AddTransient<IMailTools>(_ => new Mail("b"))
            .AddSingleton<IMailTools, Mail>()
            .AddGovernedTools<IMailTools>());

        Assert.That(host.Services.GetServices<IMailTools>().Select(tools => tools.Send("x")), Is.EqualTo(["a to x", "b to x", "mail to x"]));
        Assert.That(host.Get<IMailTools>().Send("y"), Is.EqualTo("mail to y"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task AddGovernedTools_RegisteredAfterwards_IsNotGoverned()
    {
        // The coverage check is what finds it: CoverageTests.
        await using var host = GovernedHost.Create(services => services
            .AddSingleton<IMailTools>(new Mail("a"))
            .AddGovernedTools<IMailTools>(o => o.Coverage = ToolCoverage.Off)
            .AddSingleton<IMailTools>(new Mail("late")));

        Assert.That(host.Get<IMailTools>().Send("x"), Is.EqualTo("late to x"));
        Assert.That(host.Enforcer.Requests, Is.Empty);
    }

    [Test]
    public async Task AddGovernedTools_ClassAndInterfaceRegistered_LeavesTheClassAlone()
    {
        await using var host = GovernedHost.Create(services => services
            .AddSingleton<Mail>()
            .AddSingleton<IMailTools>(provider => provider.GetRequiredService<Mail>())
            .AddGovernedTools<IMailTools>(o => o.AllowUngoverned(typeof(Mail), "the test wants to see it")));

        host.Get<IMailTools>().Send("x");
        host.Get<Mail>().Send("x");

        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task AddGovernedTools_Predicate_GovernsWhatItPicks()
    {
        await using var host = GovernedHost.Create(services => services
            .AddSingleton<IMailTools, Mail>()
            .AddSingleton<IPhoneTools, Phone>()
            .AddSingleton<IGenericTools<int>, Generic<int>>()
            .AddGovernedTools(type => type.Namespace == typeof(RegistrationTests).Namespace && type != typeof(IPhoneTools)));

        host.Get<IMailTools>().Send("x");
        host.Get<IPhoneTools>().Call("1");
        host.Get<IGenericTools<int>>().Name();

        Assert.That(host.Enforcer.Requests.Select(request => request.ToolName), Is.EqualTo(["mail_tools__send", "generic_tools_of_int32__name"]));
    }

    [Test]
    public void AddGovernedTools_PredicatePicksNothing_Throws() => Assert.That(
        () => new ServiceCollection().AddSingleton<IMailTools, Mail>().AddGovernedTools(_ => false),
        Throws.InvalidOperationException.With.Message.EqualTo(
            "The predicate matched no registered interface. Register the tools before AddGovernedTools, or change the predicate."));

    [TestCase(ServiceLifetime.Transient, false, false)]
    [TestCase(ServiceLifetime.Scoped, true, false)]
    [TestCase(ServiceLifetime.Singleton, true, true)]
    public async Task AddGovernedTools_TwoTypeParameters_RegistersWithTheLifetime(ServiceLifetime lifetime, bool sameInScope, bool sameInAll)
    {
        await using var host = GovernedHost.Create(services => services.AddGovernedTools<IMailTools, Mail>(lifetime));

        await AssertLifetimeAsync(host, sameInScope, sameInAll);
    }

    [TestCase(ServiceLifetime.Transient, false, false)]
    [TestCase(ServiceLifetime.Scoped, true, false)]
    [TestCase(ServiceLifetime.Singleton, true, true)]
    public async Task AddGovernedTools_AnyRegistration_KeepsItsLifetime(ServiceLifetime lifetime, bool sameInScope, bool sameInAll)
    {
        await using var host = GovernedHost.Create(services => services
            .Add(new ServiceDescriptor[] { new(typeof(IMailTools), _ => new Mail("a"), lifetime) }).AddGovernedTools<IMailTools>());

        await AssertLifetimeAsync(host, sameInScope, sameInAll);
    }

    [Test]
    public async Task AddGovernedTools_ScopedDependency_ComesFromTheCallersScope()
    {
        await using var host = GovernedHost.Create(services => services
            .AddScoped<Tenant>()
            .AddScoped<IMailTools, TenantMail>()
            .AddGovernedTools<IMailTools>());
        await using var scope = host.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Tenant>().Name = "acme";

        Assert.That(scope.ServiceProvider.GetRequiredService<IMailTools>().Send("x"), Is.EqualTo("acme to x"));
    }

    [Test]
    public async Task AddGovernedTools_Factory_GetsTheScopesOwnProvider()
    {
        IServiceProvider? given = null;
        await using var host = GovernedHost.Create(services => services
            .AddScoped<IMailTools>(provider =>
            {
                given = provider;
                return new Mail("a");
            })
            .AddGovernedTools<IMailTools>());
        await using var scope = host.Services.CreateAsyncScope();

        scope.ServiceProvider.GetRequiredService<IMailTools>();

        Assert.That(given, Is.SameAs(scope.ServiceProvider));
    }

    [Test]
    public void AddGovernedTools_ScopedServiceOfASingleton_IsStillFoundByTheValidation() => Assert.That(
        () => GovernedHost.Create(services => services
            .AddScoped<IMailTools, Mail>()
            .AddGovernedTools<IMailTools>()
            .AddSingleton<MailUser>()),
        Throws.InstanceOf<AggregateException>());

    [Test]
    public async Task Proxies_OfManyProviders_ShareOneType()
    {
        await using var first = GovernedHost.For<IMailTools>(new Mail("a"));
        await using var second = GovernedHost.For<IMailTools>(new Mail("b"), govern: o => o.ToolNameSelector = _ => "other");
        var type = first.Get<IMailTools>().GetType();
        var types = type.Assembly.GetTypes().Length;

        await using var many = GovernedHost.Create(services => services
            .AddTransient<IMailTools>(_ => new Mail("c")).AddGovernedTools<IMailTools>());
        for (var i = 0; i < 10_000; i++)
        {
            Assert.That(many.Get<IMailTools>().GetType() == type, Is.True);
        }

        Assert.That(second.Get<IMailTools>().GetType(), Is.SameAs(type));
        Assert.That(type.Assembly.GetTypes(), Has.Length.EqualTo(types));
    }

    [Test]
    public async Task Proxies_OfTypes_ShareOneTypeAndHaveTheirOwnOptions()
    {
        await using var first = GovernedHost.Create(services => services.AddGovernedTools<IMailTools, Mail>());
        await using var second = GovernedHost.Create(services => services.AddGovernedTools<IMailTools, Mail>(configure: o => o.ToolNameSelector = _ => "other"));
        using var one = first.Services.CreateScope();
        using var other = second.Services.CreateScope();

        var (a, b) = (one.ServiceProvider.GetRequiredService<IMailTools>(), other.ServiceProvider.GetRequiredService<IMailTools>());
        a.Send("x");
        b.Send("x");

        Assert.That(b.GetType(), Is.SameAs(a.GetType()));
        Assert.That((first.Enforcer.LastRequest.ToolName, second.Enforcer.LastRequest.ToolName), Is.EqualTo(("send", "other")));
    }

    [Test]
    public async Task AddGovernedTools_TwiceWithOtherOptions_EachRegistrationKeepsItsOwn()
    {
        await using var host = GovernedHost.Create(services => services
            .AddGovernedTools<IMailTools, Mail>(ServiceLifetime.Transient)
            .AddGovernedTools<IMailTools, Mail>(ServiceLifetime.Transient, o => o.ToolNameSelector = _ => "other"));

        foreach (var tools in host.Services.GetServices<IMailTools>())
        {
            tools.Send("x");
        }

        Assert.That(host.Enforcer.Requests.Select(request => request.ToolName), Is.EqualTo(["send", "other"]));
    }

    [Test]
    public async Task AddGovernedTools_GovernedRegistrationRestatedByTheApplication_IsGovernedOnce([Values(null, "a")] string? key)
    {
        await using var host = GovernedHost.Create(services =>
        {
            services.AddGovernedTools<IMailTools, Mail>();
            var governed = services.Single(d => d.ServiceType == typeof(IMailTools));
            services.Remove(governed);
            services.Put(new(typeof(IMailTools), key, governed.ImplementationType!, ServiceLifetime.Singleton))
                .AddGovernedTools<IMailTools>();
        });

        Assert.That(host.Services.GetRequiredKeyedService<IMailTools>(key).Send("x"), Is.EqualTo("mail to x"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(host.Get<IToolCatalog>().Tools.Single().Implementation, Is.EqualTo(typeof(Mail)));
    }

    [Test]
    public async Task Providers_OfOneProcess_AskTheirOwnEnforcers()
    {
        await using var first = GovernedHost.For<IMailTools>(new Mail("a"));
        await using var second = GovernedHost.For<IMailTools>(new Mail("b"));
        first.Enforcer.Decide = _ => ScriptedEnforcer.Block;

        Assert.Throws<PolicyViolationException>(() => first.Get<IMailTools>().Send("x"));
        Assert.That(second.Get<IMailTools>().Send("x"), Is.EqualTo("b to x"));
        Assert.That((first.Enforcer.Requests.Count, second.Enforcer.Requests.Count), Is.EqualTo((1, 1)));
    }

    private static async Task AssertLifetimeAsync(GovernedHost host, bool sameInScope, bool sameInAll)
    {
        await using var one = host.Services.CreateAsyncScope();
        await using var other = host.Services.CreateAsyncScope();
        var tools = one.ServiceProvider.GetRequiredService<IMailTools>();

        Assert.That(ReferenceEquals(tools, one.ServiceProvider.GetRequiredService<IMailTools>()), Is.EqualTo(sameInScope));
        Assert.That(ReferenceEquals(tools, other.ServiceProvider.GetRequiredService<IMailTools>()), Is.EqualTo(sameInAll));
        Assert.That(tools.Send("x"), Does.EndWith("to x"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    private sealed class Mail(string from) : IMailTools
    {
        public Mail()
            : this("mail")
        {
        }

        public string Send(string to) => $"{from} to {to}";
    }

    private sealed class Phone : IPhoneTools
    {
        public string Call(string number) => number;
    }

    private sealed class Generic<T> : IGenericTools<T>
    {
        public string Name() => typeof(T).Name;
    }

    private sealed class Tenant
    {
        public string Name { get; set; } = "";
    }

    private sealed class TenantMail(Tenant tenant) : IMailTools
    {
        public string Send(string to) => $"{tenant.Name} to {to}";
    }

    private sealed class MailUser(IMailTools mail)
    {
        public string Use() => mail.Send("x");
    }
}
