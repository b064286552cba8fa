using System.Collections;
using Castle.DynamicProxy;
using Microsoft.Extensions.DependencyInjection;
using Scrutor;
using Thoth.Interception.Interception;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

/// <summary>The container never returns the target behind a proxy.</summary>
public class TargetHolderTests
{
    private static readonly object s_key = new();

    public interface IMailTools
    {
        string Send(string to);
    }

    public static IEnumerable<TestCaseData> Registrations()
    {
        foreach (var lifetime in Enum.GetValues<ServiceLifetime>())
        {
            foreach (var key in (object?[])[null, "text", ServiceLifetime.Scoped, s_key, KeyedService.AnyKey])
            {
                yield return Case($"{lifetime} {key} by type", services => services.Put(new(typeof(IMailTools), key, typeof(Mail), lifetime)));
                yield return Case($"{lifetime} {key} by factory", services => services.Put(new(typeof(IMailTools), key, (_, _) => new Mail(), lifetime)));
            }
        }

        yield return Case("instances", services => services
            .AddSingleton<IMailTools>(new Mail()).AddKeyedSingleton<IMailTools>("a", new Mail()).AddKeyedSingleton<IMailTools>(s_key, new Mail()));
        yield return Case("mixed", services => services
            .AddSingleton<IMailTools, Mail>().AddScoped<IMailTools, Mail>().AddKeyedTransient<IMailTools, Mail>(1).AddSingleton<IMailTools>(_ => new Mail()));
        yield return Case("decorated before", services => services.AddScoped<IMailTools, Mail>().Decorate<IMailTools, Louder>());
        yield return Case("decorated twice before", services => services
            .AddScoped<IMailTools, Mail>().Decorate<IMailTools, Louder>().Decorate<IMailTools>((inner, _) => new Louder(inner)));
        yield return Case("decorated instance", services => services.AddSingleton<IMailTools>(new Mail()).Decorate<IMailTools, Louder>());
        yield return Case("decorated between", services => services
            .AddSingleton<IMailTools, Mail>().AddGovernedTools<IMailTools>().Decorate<IMailTools, Louder>());
        yield return Case("governed before the next", services => services
            .AddSingleton<IMailTools, Mail>().AddGovernedTools<IMailTools>().AddSingleton<IMailTools, Mail>());

        static TestCaseData Case(string name, Action<IServiceCollection> add) => new TestCaseData(add).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Registrations))]
    public async Task Container_EveryServiceResolved_NeverReturnsTheTarget(Action<IServiceCollection> add)
    {
        IServiceCollection all = null!;
        await using var host = GovernedHost.Create(services =>
        {
            add(services);
            all = services.AddGovernedTools<IMailTools>();
        });
        await using var scope = host.Services.CreateAsyncScope();
        var provider = (IKeyedServiceProvider)scope.ServiceProvider;
        object?[] keys = [.. all.Select(d => d.ServiceKey).Append("IMailTools").Append("any").Append(7).Where(key => key != KeyedService.AnyKey).Distinct()];
        var found = new List<object?>();

        foreach (var type in all.Select(d => d.ServiceType).Append(typeof(Mail)).Append(typeof(object)).Where(t => !t.ContainsGenericParameters).Distinct())
        {
            var several = typeof(IEnumerable<>).MakeGenericType(type);
            foreach (var key in keys)
            {
                found.Add(Ask(() => provider.GetKeyedService(type, key)));
                found.AddRange(Ask(() => provider.GetKeyedService(several, key)) as IEnumerable<object?> ?? []);
            }

            found.AddRange(Ask(() => provider.GetKeyedService(several, KeyedService.AnyKey)) as IEnumerable<object?> ?? []);
        }

        var tools = found.OfType<IMailTools>().ToArray();
        Assert.That(tools, Is.Not.Empty);
        Assert.That(tools.Where(service => !ProxyUtil.IsProxy(service)), Is.Empty);
        Assert.That(found.OfType<IEnumerable>().Where(service => service is IEnumerable<IMailTools>), Is.Empty);
    }

    [TestCaseSource(nameof(Registrations))]
    public async Task Call_OfEveryServiceOfTheContainer_IsAskedExactlyOnce(Action<IServiceCollection> add)
    {
        await using var host = GovernedHost.Create(services =>
        {
            add(services);
            services.AddGovernedTools<IMailTools>();
        });
        await using var scope = host.Services.CreateAsyncScope();
        IMailTools[] tools =
        [
            .. scope.ServiceProvider.GetServices<IMailTools>(),
            .. scope.ServiceProvider.GetKeyedServices<IMailTools>(KeyedService.AnyKey),
        ];
        if (scope.ServiceProvider.GetKeyedService<IMailTools>("any") is { } any)
        {
            tools = [.. tools, any];
        }

        var results = tools.Select(service => service.Send("x")).ToArray();

        Assert.That(results, Is.Not.Empty.And.All.StartsWith("to x"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(results.Length));
        Assert.That(await host.EventNamesAsync(), Has.Length.EqualTo(2 * results.Length));
    }

    [Test]
    public async Task OwnDecorators_BetweenTwoGovernings_RunOnceInsideTheGovernance([Values] bool keyed, [Values] bool factory)
    {
        var log = new List<string>();
        await using var host = GovernedHost.Create(services =>
        {
            services.AddSingleton(log);
            var key = keyed ? "a" : null;
            services.Put(factory
                ? new(typeof(IMailTools), key, (_, _) => new LoggedMail(log), ServiceLifetime.Scoped)
                : new(typeof(IMailTools), key, typeof(LoggedMail), ServiceLifetime.Scoped)).AddGovernedTools<IMailTools>();
            if (keyed)
            {
                services.Decorate(new ByKey("a"));
            }
            else
            {
                services.Decorate<IMailTools, Louder>();
            }

            services.AddGovernedTools<IMailTools>();
        });
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var tools = keyed ? scope.ServiceProvider.GetRequiredKeyedService<IMailTools>("a") : scope.ServiceProvider.GetRequiredService<IMailTools>();
            Assert.That(tools.Send("x"), Is.EqualTo("to x!"));
            host.Enforcer.Decide = _ => ScriptedEnforcer.Block;
            Assert.That(() => tools.Send("x"), Throws.TypeOf<PolicyViolationException>());
        }

        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
        Assert.That(log, Is.EqualTo(["made", "send", "disposed"]));
    }

    [Test]
    public async Task OwnDecorators_BesideAFurtherFactory_EachServiceIsDisposedOnce()
    {
        var log = new List<string>();
        await using var host = GovernedHost.Create(services => services
            .AddScoped<IMailTools>(_ => new LoggedMail(log))
            .AddGovernedTools<IMailTools>()
            .Decorate<IMailTools, Louder>()
            .AddScoped<IMailTools>(_ => new LoggedMail(log))
            .AddGovernedTools<IMailTools>());

        await using (var scope = host.Services.CreateAsyncScope())
        {
            Assert.That(scope.ServiceProvider.GetServices<IMailTools>().Select(tools => tools.Send("x")), Is.EqualTo(["to x!", "to x"]));
        }

        Assert.That(log, Is.EqualTo(["made", "made", "send", "send", "disposed", "disposed"]));
    }

    [Test]
    public async Task OwnDecorators_OutsideTheGovernance_AreAskedOnceWithin()
    {
        await using var host = GovernedHost.Create(services => services
            .AddSingleton<IMailTools, Mail>()
            .AddGovernedTools<IMailTools>(o => o.AllowUngoverned(typeof(IMailTools), "the decorator outside is wanted here"))
            .Decorate<IMailTools, Louder>());

        Assert.That(host.Get<IMailTools>().Send("x"), Is.EqualTo("to x!"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void EmittedTypes_OfManyCollections_AreShared()
    {
        static Type[] Govern()
        {
            var services = new ServiceCollection()
                .AddSingleton<IMailTools, Mail>().AddKeyedScoped<IMailTools, Mail>(new object()).AddKeyedScoped<IMailTools, Mail>(Guid.NewGuid().ToString())
                .AddScoped<IMailTools>(_ => new Mail()).AddGovernedTools<IMailTools>()
                .AddTransient<IMailTools, Mail>().AddGovernedTools<IMailTools>();
            return
            [
                .. services.Select(d => d.ServiceType).Where(typeof(TargetHolder).IsAssignableFrom),
                .. services.Select(d => d.IsKeyedService ? d.KeyedImplementationType : d.ImplementationType)
                    .Where(typeof(IMailTools).IsAssignableFrom).Distinct().Cast<Type>(),
            ];
        }

        var types = Govern();
        var count = types[0].Assembly.GetTypes().Length;

        for (var i = 0; i < 100; i++)
        {
            Assert.That(Govern(), Is.EqualTo(types));
        }

        // The factory's holder, and one proxy type for each governing.
        Assert.That(types, Has.Length.EqualTo(3).And.Unique);
        Assert.That(types[0].Assembly.GetTypes(), Has.Length.EqualTo(count));
    }

    [Test]
    public void Govern_AfterOwnDecorators_RegistrationsNameTheOutermost()
    {
        var services = new ServiceCollection().AddSingleton<IMailTools, Mail>().AddGovernedTools<IMailTools>().Decorate<IMailTools, Louder>();
        var decorated = services.Single(d => d.ServiceType == typeof(IMailTools) && !d.IsKeyedService);
        services.AddGovernedTools<IMailTools>();

        var registration = GovernedServices.In(services).Registrations.Single();

        Assert.That(registration.Original, Is.SameAs(decorated));
        Assert.That(services.Where(d => d.ServiceType == typeof(IMailTools)), Is.EqualTo(new[] { registration.Governed }));
    }

    private static object? Ask(Func<object?> get)
    {
        try
        {
            return get();
        }
        catch (Exception)
        {
            // What needs configuration that is not there, or has no such key, gives nothing away.
            return null;
        }
    }

    private class Mail : IMailTools
    {
        public virtual string Send(string to) => $"to {to}";
    }

    private sealed class LoggedMail : Mail, IDisposable
    {
        private readonly List<string> _log;

        public LoggedMail(List<string> log)
        {
            _log = log;
            log.Add("made");
        }

        public override string Send(string to)
        {
            _log.Add("send");
            return base.Send(to);
        }

        public void Dispose() => _log.Add("disposed");
    }

    private sealed class Louder(IMailTools inner) : IMailTools
    {
        public string Send(string to) => inner.Send(to) + "!";
    }

    /// <summary>What an application does to have Scrutor decorate a keyed service.</summary>
    private sealed class ByKey(string key) : DecorationStrategy(typeof(IMailTools), key)
    {
        public override Func<IServiceProvider, object?, object> CreateDecorator(Type serviceType, string decoratedServiceKey) =>
            (provider, _) => new Louder((IMailTools)provider.GetRequiredKeyedService(serviceType, decoratedServiceKey));

        protected override bool CanDecorate(Type serviceType) => serviceType == ServiceType;
    }
}
