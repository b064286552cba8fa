using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Interception;

/// <summary>What is governed in one service collection: the tool names in use, and the registrations that are decorated already.</summary>
internal sealed class GovernedServices
{
    private readonly Dictionary<string, MethodInfo> _tools = new(StringComparer.Ordinal);
    private readonly List<GovernedRegistration> _registrations = [];
    private readonly Dictionary<Type, Dictionary<string, TargetRegistration>> _decorated = [];
    private readonly Dictionary<Type, int> _holders = [];
    private readonly Dictionary<Type, int> _plans = [];
    private readonly HashSet<Type> _proxies = [];

    /// <summary>Every governed registration, in the order in which they were governed.</summary>
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

    /// <summary>Decorates every registration of the interface that is not decorated yet, with and without keys.</summary>
    /// <returns>Whether there is any registration of the interface, decorated before or now.</returns>
    public bool Govern(IServiceCollection services, Type tools, GovernedToolsOptions options)
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

        var plan = InterfaceDescriptor.For(tools, options);
        pending.ForEach(descriptor => ThrowIfUnfit(descriptor, tools));
        kept.ForEach(descriptor => ThrowIfUnfit(descriptor, tools));

        // Whatever speaks against a proxy shows here.
        ToolProxies.GetConstructor(tools);
        Register(plan);

        // What the application has decorated again since is governed further out now.
        _registrations.RemoveAll(registration => registration.Plan.Interface == tools && !services.Contains(registration.Governed));
        var decorated = Hide(services, tools, kept);
        var ordinal = Next(_plans, tools);
        foreach (var original in pending)
        {
            var governed = original.GetImplementationType() is { } implementation
                ? DecorateType(services, plan, original, ConstructibleProxyFactory.GetProxyType(tools, implementation, ordinal))
                : ProxyDecoration.Decorate(services, plan, original, new TargetRegistration(original, NextHolder, decorated));
            _registrations.Add(new GovernedRegistration(plan, original, governed));
        }

        return true;
    }

    /// <summary>Takes what Scrutor keeps for the application's own decorators out of the container's reach.</summary>
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
    /// Registers a proxy type in the place of an implementation type. A decorator of Scrutor's would be a factory, through which
    /// the container sees nothing: a circular or captive dependency would show when the service is first resolved, and not when
    /// the provider is built.
    /// </summary>
    private ServiceDescriptor DecorateType(IServiceCollection services, InterfaceDescriptor plan, ServiceDescriptor original, Type proxy)
    {
        var governed = new ServiceDescriptor(original.ServiceType, original.ServiceKey, proxy, original.Lifetime);
        services[services.IndexOf(original)] = governed;
        if (_proxies.Add(proxy))
        {
            services.Add(ConstructibleProxyFactory.InterceptorOf(proxy, plan));
        }

        return governed;
    }

    private int NextHolder(Type? implementation) => Next(_holders, implementation ?? typeof(TargetHolder));

    private static int Next(Dictionary<Type, int> counts, Type type) => counts[type] = counts.TryGetValue(type, out var last) ? last + 1 : 0;

    /// <summary>Claims the interface's tool names, all or none: one agent must not know two tools by one name.</summary>
    private void Register(InterfaceDescriptor plan)
    {
        var own = new Dictionary<string, MethodInfo>(StringComparer.Ordinal);
        foreach (var (method, name) in plan.Tools)
        {
            var taken = _tools.GetValueOrDefault(name);
            var other = taken is not null && taken != method ? taken : own.GetValueOrDefault(name);
            if (other is not null)
            {
                throw new InvalidOperationException(
                    $"'{plan.Interface}.{method.Name}' cannot be governed: its tool name '{name}' is that of " +
                    $"'{other.DeclaringType}.{other.Name}'; give one of them another with [GovernedTool(\"name\")] or GovernedToolsOptions.ToolName.");
            }

            own.Add(name, method);
        }

        foreach (var (name, method) in own)
        {
            _tools[name] = method;
        }
    }

    /// <summary>The container would still fill the closed type from the open one, as a further service of it.</summary>
    private static void ThrowIfOpenTwin(ServiceDescriptor descriptor, Type tools)
    {
        if (tools.IsConstructedGenericType && descriptor.ServiceType == tools.GetGenericTypeDefinition())
        {
            throw new InvalidOperationException(
                $"'{tools}' cannot be governed: '{descriptor.ServiceType}' is registered as an open generic type, which would give " +
                "an ungoverned service of it as well; register and govern each closed type that is used instead.");
        }
    }

    /// <summary>What no container could make, or would not be a tool, is refused before anything is changed.</summary>
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
                $"'{tools}' cannot be governed: it is registered with '{type}', of which no object can be made; register a class that " +
                "is neither abstract nor an open generic type.");
        }
    }
}
