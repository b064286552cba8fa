using Microsoft.Extensions.DependencyInjection;
using Scrutor;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Interception;

/// <summary>Every fault that the container sees in a bare registration it sees in the governed one, when the provider is built.</summary>
public class ValidationTableTests
{
    private static readonly object s_key = new();

    public enum Form
    {
        Plain,
        Twice,
        BesideAnother,
        TextKey,
        EnumKey,
        NumberKey,
        TypeKey,
        ObjectKey,
        AnyKey,
        DecoratedBefore,
        DecoratedAfter,
        DecoratedBetween,
        KeyedDecoratedAfter,
    }

    public enum Fault
    {
        Missing,
        Circle,
        LongCircle,
        CircleToItself,
        Captive,
        CaptiveThroughAnother,
        CaptiveInItsUser,
        ScopedInItsUser,
    }

    public interface IMailTools<T>
    {
        string Send(T to);
    }

    public interface IPhoneTools;

    [Test]
    public void Build_AnyFault_IsSeenAsBareOrNotAtAll([Values] Form form, [Values] Fault fault, [Values] ServiceLifetime lifetime)
    {
        var bare = ContainerErrors.Of(Add(new ServiceCollection(), form, lifetime, fault, govern: false));
        var governed = ContainerErrors.Of(Add(Thoth(), form, lifetime, fault, govern: true));

        if (form is Form.DecoratedBefore or Form.DecoratedBetween)
        {
            // What an application's decorator decorates is held by a holder, which is the singleton then.
            (bare, governed) = (WithoutTheSingleton(bare), WithoutTheSingleton(governed));
        }

        Assert.That(governed, Is.EqualTo(bare));
        Assert.That(bare, IsSeenBare(form, fault, lifetime) ? Is.Not.Empty : Is.Empty);
    }

    [Test]
    public async Task Build_NoFault_GivesAGovernedTool([Values] Form form, [Values] ServiceLifetime lifetime)
    {
        await using var host = GovernedHost.Create(services => Add(services, form, lifetime, fault: null, govern: true));
        await using var scope = host.Services.CreateAsyncScope();

        var tools = scope.ServiceProvider.GetRequiredKeyedService<IMailTools<int>>(form == Form.AnyKey ? "any" : KeyOf(form));

        Assert.That(tools.Send(1), Does.StartWith("to 1"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    /// <summary>A decorator's factory is opaque, bare as governed: no circle is seen through it, and what it decorates only as such.</summary>
    private static bool IsSeenBare(Form form, Fault fault, ServiceLifetime lifetime)
    {
        var isOpaque = form is Form.DecoratedBefore or Form.DecoratedAfter or Form.DecoratedBetween;
        var isBehindAFactory = isOpaque || form == Form.KeyedDecoratedAfter;
        return fault switch
        {
            Fault.Missing => true,
            Fault.Captive or Fault.CaptiveThroughAnother => lifetime == ServiceLifetime.Singleton,
            Fault.CaptiveInItsUser => lifetime != ServiceLifetime.Transient || !isBehindAFactory,
            Fault.ScopedInItsUser => lifetime == ServiceLifetime.Scoped,

            // Under Scrutor's key what the keyed one needs is not there: an error of another kind.
            _ => !isOpaque,
        };
    }

    private static string[] WithoutTheSingleton(string[] errors) => Array.ConvertAll(errors, error => error.Split(" from singleton ")[0]);

    private static IServiceCollection Add(IServiceCollection services, Form form, ServiceLifetime lifetime, Fault? fault, bool govern)
    {
        var key = KeyOf(form);
        AddOthers(services, key, lifetime, fault);
        if (form == Form.BesideAnother)
        {
            services.Put(new(typeof(IMailTools<int>), typeof(Mail<int>), lifetime));
        }

        var tools = new ServiceDescriptor(typeof(IMailTools<int>), key, ImplementationFor(fault, key is not null), lifetime);
        services.Put(tools);
        if (form == Form.Twice)
        {
            services.Put(tools);
        }

        if (form == Form.DecoratedBefore)
        {
            services.Decorate<IMailTools<int>, Louder>();
        }

        if (govern)
        {
            services.AddGovernedTools<IMailTools<int>>(o => o.AllowUngoverned(typeof(IMailTools<int>), "some forms decorate it afterwards"));
        }

        if (form is Form.DecoratedAfter or Form.DecoratedBetween)
        {
            services.Decorate<IMailTools<int>, Louder>();
        }

        if (form == Form.KeyedDecoratedAfter)
        {
            services.Decorate(new ByKey((string)key!));
        }

        return govern && form == Form.DecoratedBetween ? services.AddGovernedTools<IMailTools<int>>() : services;
    }

    /// <summary>What keyed registrations need has their key too.</summary>
    private static void AddOthers(IServiceCollection services, object? key, ServiceLifetime lifetime, Fault? fault)
    {
        services.AddScoped<Tenant>().AddTransient<Office>();
        if (fault is Fault.Circle or Fault.LongCircle)
        {
            services.Put(new(typeof(IPhoneTools), key, fault == Fault.Circle ? typeof(NeedsMail) : typeof(NeedsExchange), lifetime));
        }

        if (fault == Fault.LongCircle)
        {
            services.Put(new(typeof(Exchange), key, typeof(Exchange), lifetime));
        }

        if (fault is Fault.CaptiveInItsUser or Fault.ScopedInItsUser)
        {
            services.Put(new(typeof(MailUser), key, typeof(MailUser), ServiceLifetime.Singleton));
        }
    }

    private static Type ImplementationFor(Fault? fault, bool keyed) => fault switch
    {
        Fault.Missing => typeof(NeedsMissing<int>),
        Fault.Circle or Fault.LongCircle => keyed ? typeof(NeedsPhoneOfItsKey<int>) : typeof(NeedsPhone<int>),
        Fault.CircleToItself => keyed ? typeof(NeedsItselfByKey<int>) : typeof(NeedsItself<int>),
        Fault.Captive or Fault.CaptiveInItsUser => typeof(NeedsTenant<int>),
        Fault.CaptiveThroughAnother => typeof(NeedsOffice<int>),
        _ => typeof(Mail<int>),
    };

    private static object? KeyOf(Form form) => form switch
    {
        Form.TextKey or Form.KeyedDecoratedAfter => "text",
        Form.EnumKey => Fault.Circle,
        Form.NumberKey => 7,
        Form.TypeKey => typeof(Form),
        Form.ObjectKey => s_key,
        Form.AnyKey => KeyedService.AnyKey,
        _ => null,
    };

    private static IServiceCollection Thoth()
    {
        var services = new ServiceCollection();
        services.AddSingleton(new ThothEnvironment(_ => null));
        services.AddThoth().UseEnforcer(new ScriptedEnforcer());
        return services;
    }

    private sealed class Missing;

    private sealed class Tenant;

    private sealed class Office(Tenant tenant)
    {
        public override string ToString() => $"{tenant}";
    }

    private class Mail<T> : IMailTools<T>
    {
        public virtual string Send(T to) => $"to {to}";
    }

    private sealed class NeedsMissing<T>(Missing missing) : Mail<T>
    {
        public override string Send(T to) => $"{missing}";
    }

    private sealed class NeedsPhone<T>(IPhoneTools phone) : Mail<T>
    {
        public override string Send(T to) => $"{phone}";
    }

    private sealed class NeedsPhoneOfItsKey<T>([FromKeyedServices] IPhoneTools phone) : Mail<T>
    {
        public override string Send(T to) => $"{phone}";
    }

    private sealed class NeedsItself<T>(IMailTools<T> inner) : Mail<T>
    {
        public override string Send(T to) => inner.Send(to);
    }

    private sealed class NeedsItselfByKey<T>([FromKeyedServices] IMailTools<T> inner) : Mail<T>
    {
        public override string Send(T to) => inner.Send(to);
    }

    private sealed class NeedsTenant<T>(Tenant tenant) : Mail<T>
    {
        public override string Send(T to) => $"{tenant}";
    }

    private sealed class NeedsOffice<T>(Office office) : Mail<T>
    {
        public override string Send(T to) => $"{office}";
    }

    private sealed class NeedsMail([FromKeyedServices] IMailTools<int> mail) : IPhoneTools
    {
        public override string ToString() => $"{mail}";
    }

    private sealed class NeedsExchange([FromKeyedServices] Exchange exchange) : IPhoneTools
    {
        public override string ToString() => $"{exchange}";
    }

    private sealed class Exchange([FromKeyedServices] IMailTools<int> mail)
    {
        public override string ToString() => $"{mail}";
    }

    private sealed class MailUser([FromKeyedServices] IMailTools<int> mail)
    {
        public override string ToString() => $"{mail}";
    }

    private sealed class Louder(IMailTools<int> inner) : IMailTools<int>
    {
        public string Send(int to) => inner.Send(to) + "!";
    }

    /// <summary>What an application does to have Scrutor decorate a keyed service.</summary>
    private sealed class ByKey(string key) : DecorationStrategy(typeof(IMailTools<int>), key)
    {
        public override Func<IServiceProvider, object?, object> CreateDecorator(Type serviceType, string decoratedServiceKey) =>
            (provider, _) => new Louder((IMailTools<int>)provider.GetRequiredKeyedService(serviceType, decoratedServiceKey));

        protected override bool CanDecorate(Type serviceType) => serviceType == ServiceType;
    }
}
