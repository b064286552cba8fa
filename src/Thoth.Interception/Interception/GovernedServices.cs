using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Interception;

/// <summary>Holds what is governed in one service collection: the tool names in use and the governed registrations.</summary>
internal sealed class GovernedServices
{
    private readonly ToolNameRegistry _toolNames = new();
    private readonly List<GovernedRegistration> _registrations = [];
    private readonly Dictionary<Type, Dictionary<string, TargetRegistration>> _decorated = [];
    private readonly Dictionary<Type, int> _holders = [];
    private readonly Dictionary<Type, int> _ordinals = [];
    private readonly Dictionary<Type, ToolNaming> _namings = [];
    private readonly HashSet<Type> _proxies = [];
    private readonly HashSet<ServiceDescriptor> _allowed = [];

    /// <summary>The governed registrations, in the order in which they were governed.</summary>
    public IReadOnlyList<GovernedRegistration> Registrations => _registrations;

    public static GovernedServices In(IServiceCollection services)
    {
        foreach (var descriptor in services)
        {
            if (descriptor is { IsKeyedService: false, ImplementationInstance: GovernedServices present })
            {
                return present;
            }
        }

        var added = new GovernedServices();
        services.AddSingleton(added);
        return added;
    }

    /// <summary>Gets how the tools of an interface are named; <see langword="null"/> if it is not governed yet.</summary>
    public ToolNaming? NamingOf(Type tools) => _namings.TryGetValue(tools, out var naming) ? naming : null;

    /// <summary>Decorates the registrations of governed interfaces that were made since, with the names and options that each interface has.</summary>
    public void GovernLater(IServiceCollection services)
    {
        foreach (var description in _registrations.Select(registration => registration.Plan).Reverse().DistinctBy(plan => plan.Interface).ToArray())
        {
            Govern(services, description.Interface, new GovernedToolsOptions { Naming = _namings[description.Interface] }, description);
        }
    }

    /// <summary>Decorates each registration of the interface that is not decorated yet, with or without a key.</summary>
    /// <param name="services">The services.</param>
    /// <param name="tools">The interface.</param>
    /// <param name="options">How its tools are governed.</param>
    /// <param name="described">The description of the interface, if it has one.</param>
    /// <returns>Whether the interface has a registration, decorated earlier or now.</returns>
    public bool Govern(IServiceCollection services, Type tools, GovernedToolsOptions options, InterfaceDescriptor? described = null)
    {
        var any = false;
        var pending = new List<ServiceDescriptor>();
        var kept = new List<ServiceDescriptor>();
        foreach (var descriptor in services)
        {
            ThrowIfOpenTwin(descriptor, tools);
            if (descriptor.ServiceType != tools)
            {
                continue;
            }

            if (descriptor.IsKeptByScrutor())
            {
                kept.Add(descriptor);
                continue;
            }

            any = true;
            if (!_registrations.Exists(registration => registration.Governed == descriptor))
            {
                pending.Add(descriptor);
            }
        }

        if (pending.Count == 0)
        {
            return any;
        }

        var description = described ?? InterfaceDescriptor.For(tools, options);
        pending.ForEach(descriptor => ThrowIfUnfit(descriptor, tools));
        kept.ForEach(descriptor => ThrowIfUnfit(descriptor, tools));

        // Fail on an interface that Castle cannot implement before any registration is changed.
        ToolProxies.GetConstructor(tools);
        _toolNames.Claim(description.Members);
        _namings[tools] = options.Naming;

        // The application may have decorated a governed registration since. The outer one is then governed instead.
        _registrations.RemoveAll(registration => registration.Plan.Interface == tools && !services.Contains(registration.Governed));
        var decorated = Hide(services, tools, kept);
        var ordinal = Next(_ordinals, tools);
        foreach (var original in pending)
        {
            var governed = original.GetImplementationType() is { } implementation
                ? DecorateType(services, description, original, ConstructibleProxyFactory.GetProxyType(tools, implementation, ordinal))
                : ProxyDecoration.Decorate(services, description, original, new TargetRegistration(original, NextHolder, decorated));
            _registrations.Add(new GovernedRegistration(description, original, governed));
        }

        return true;
    }

    /// <summary>Lets the factories of services that may be ungoverned see governed services without their proxies.</summary>
    /// <param name="services">The services.</param>
    /// <param name="isAllowed">Whether a service may be ungoverned.</param>
    public void Allow(IServiceCollection services, Func<Type, bool> isAllowed)
    {
        for (var i = 0; i < services.Count; i++)
        {
            var descriptor = services[i];
            if (isAllowed(descriptor.ServiceType) && descriptor.GetImplementationFactory() is not null && !_allowed.Contains(descriptor)
                && !descriptor.IsKeptByScrutor() && !_registrations.Exists(registration => registration.Governed == descriptor))
            {
                _allowed.Add(services[i] = AllowedFactory.Of(descriptor));
            }
        }
    }

    /// <summary>Hides the services behind the application's own decorators, which Scrutor keeps under keys.</summary>
    private Dictionary<string, TargetRegistration> Hide(IServiceCollection services, Type tools, List<ServiceDescriptor> kept)
    {
        if (!_decorated.TryGetValue(tools, out var decorated))
        {
            _decorated.Add(tools, decorated = new Dictionary<string, TargetRegistration>(StringComparer.Ordinal));
        }

        foreach (var descriptor in kept)
        {
            var inner = new TargetRegistration(descriptor, NextHolder, decorated);
            decorated[(string)descriptor.ServiceKey!] = inner;
            services.Remove(descriptor);
            if (inner.Hidden is not null)
            {
                services.Add(inner.Hidden);
            }
        }

        return decorated;
    }

    /// <summary>
    /// Registers a proxy type in the place of an implementation type. A decorator of Scrutor's would be a factory, and the
    /// container cannot see the dependencies of a factory: it would find a circular or captive dependency at the first resolution
    /// and not when the provider is built.
    /// </summary>
    private ServiceDescriptor DecorateType(IServiceCollection services, InterfaceDescriptor description, ServiceDescriptor original, Type proxy)
    {
        var governed = new ServiceDescriptor(original.ServiceType, original.ServiceKey, proxy, original.Lifetime);
        services[services.IndexOf(original)] = governed;
        if (_proxies.Add(proxy))
        {
            services.Add(ConstructibleProxyFactory.InterceptorOf(proxy, description));
        }

        return governed;
    }

    private int NextHolder(Type? implementation) => Next(_holders, implementation ?? typeof(TargetHolder));

    private static int Next(Dictionary<Type, int> counts, Type type) => counts[type] = counts.TryGetValue(type, out var last) ? last + 1 : 0;

    /// <summary>Refuses the open generic form of the interface: the container would close it to another, ungoverned service.</summary>
    private static void ThrowIfOpenTwin(ServiceDescriptor descriptor, Type tools)
    {
        if (tools.IsConstructedGenericType && descriptor.ServiceType == tools.GetGenericTypeDefinition())
        {
            throw new InvalidOperationException(
                $"'{tools}' cannot be governed: '{descriptor.ServiceType}' is registered as an open generic type, which would give " +
                "an ungoverned service of it as well; register and govern each closed type that is used instead.");
        }
    }

    /// <summary>Refuses a registration that the container could not create, before any registration is changed.</summary>
    private static void ThrowIfUnfit(ServiceDescriptor descriptor, Type tools)
    {
        var implementation = descriptor.GetImplementationType();
        if ((implementation ?? descriptor.GetImplementationInstance()?.GetType()) is not { } type)
        {
            return;
        }

        if (!tools.IsAssignableFrom(type))
        {
            throw new InvalidOperationException(
                $"'{tools}' cannot be governed: it is registered with '{type}', which does not implement it; register a class that does.");
        }

        if (implementation is { IsAbstract: true } or { ContainsGenericParameters: true })
        {
            throw new InvalidOperationException(
                $"'{tools}' cannot be governed: it is registered with '{type}', which cannot be instantiated; register a class that " +
                "is neither abstract nor an open generic type.");
        }
    }
}
