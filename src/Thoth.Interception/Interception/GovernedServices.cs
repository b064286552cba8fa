using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Scrutor;

namespace Thoth.Interception;

/// <summary>What is governed in one service collection: the tool names in use, and the registrations that are decorated already.</summary>
internal sealed class GovernedServices
{
    private readonly Dictionary<string, MethodInfo> _tools = new(StringComparer.Ordinal);
    private readonly List<GovernedRegistration> _registrations = [];

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

    /// <summary>Decorates every registration of the interface that is not decorated yet.</summary>
    /// <returns>Whether there is any registration of the interface, decorated before or now.</returns>
    public bool Govern(IServiceCollection services, Type tools, GovernedToolsOptions options)
    {
        var any = false;
        var pending = new List<ServiceDescriptor>();
        foreach (var descriptor in services)
        {
            if (descriptor.ServiceType != tools)
            {
                continue;
            }

            if (descriptor.IsKeyedService)
            {
                ThrowIfReachableByKey(descriptor);
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

        var plan = InterfacePlan.For(tools, options);
        ToolProxies.Prepare(tools);
        Register(plan);

        // Scrutor puts each decorated registration into the place of the original.
        var places = pending.ConvertAll(services.IndexOf);
        services.Decorate(new ProxyDecoration(plan, pending));
        for (var i = 0; i < places.Count; i++)
        {
            _registrations.Add(new GovernedRegistration(plan, pending[i], services[places[i]]));
        }

        return true;
    }

    /// <summary>Claims the interface's tool names, all or none: one agent must not know two tools by one name.</summary>
    private void Register(InterfacePlan plan)
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

    /// <summary>Scrutor keeps what it decorates under a key of its own; any other key is a way to the ungoverned service.</summary>
    private static void ThrowIfReachableByKey(ServiceDescriptor descriptor)
    {
        if (descriptor.ServiceKey is string key && key.Contains("+Decorated", StringComparison.Ordinal))
        {
            return;
        }

        throw new InvalidOperationException(
            $"'{descriptor.ServiceType}' cannot be governed: it is also registered under the key '{descriptor.ServiceKey}', which " +
            "would stay ungoverned; register it without a key.");
    }

    private sealed class ProxyDecoration(InterfacePlan plan, List<ServiceDescriptor> pending)
        : DecorationStrategy(plan.Interface, serviceKey: null)
    {
        public override bool CanDecorate(ServiceDescriptor descriptor) => pending.Contains(descriptor);

        protected override bool CanDecorate(Type serviceType) => serviceType == ServiceType;

        public override Func<IServiceProvider, object?, object> CreateDecorator(Type serviceType, string decoratedServiceKey) =>
            (provider, _) => ToolProxies.Create(
                plan.Interface,
                provider.GetRequiredKeyedService(serviceType, decoratedServiceKey),
                new GovernanceInterceptor(provider.GetRequiredService<ToolCallPipeline>(), plan, provider));
    }
}
