using Castle.DynamicProxy;
using Microsoft.Extensions.DependencyInjection;
using Scrutor;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Interception;

/// <summary>Has Scrutor decorate a registration by factory or instance with a proxy.</summary>
/// <param name="interfaceDescriptor">Describes the interface's tools.</param>
/// <param name="decorated">The registration that is decorated.</param>
/// <param name="target">The service behind the proxy.</param>
internal sealed class ProxyDecoration(InterfaceDescriptor interfaceDescriptor, ServiceDescriptor decorated, TargetRegistration target)
    : DecorationStrategy(interfaceDescriptor.Interface, serviceKey: null)
{
    /// <summary>Puts the proxy's registration into the place of the original, and adds the target's.</summary>
    /// <returns>The proxy's registration.</returns>
    public static ServiceDescriptor Decorate(
        IServiceCollection services, InterfaceDescriptor interfaceDescriptor, ServiceDescriptor original, TargetRegistration target)
    {
        // Scrutor decorates keys of type string only, so any key is exchanged for one while it does.
        var place = services.IndexOf(original);
        var decorated = new ServiceDescriptor(
            original.ServiceType, original.IsKeyedService ? nameof(ProxyDecoration) : null, target.Get!, original.Lifetime);
        services[place] = decorated;
        services.Decorate(new ProxyDecoration(interfaceDescriptor, decorated, target));

        // Scrutor keeps what it decorates at the end, where KeyedService.AnyKey finds it. The hidden registration replaces it.
        services.RemoveAt(services.Count - 1);
        if (target.Hidden is not null)
        {
            services.Add(target.Hidden);
        }

        return services[place] = original.IsKeyedService
            ? new ServiceDescriptor(original.ServiceType, original.ServiceKey, services[place].KeyedImplementationFactory!, original.Lifetime)
            : services[place];
    }

    public override bool CanDecorate(ServiceDescriptor descriptor) => descriptor == decorated;

    // The container accepts null from a factory, although the delegate's type does not allow it.
    public override Func<IServiceProvider, object?, object> CreateDecorator(Type serviceType, string decoratedServiceKey) =>
        (provider, key) => Proxy(provider, key)!;

    protected override bool CanDecorate(Type serviceType) => serviceType == ServiceType;

    private object? Proxy(IServiceProvider provider, object? key)
    {
        if (provider is DecoratorServiceProvider decorators)
        {
            // The proxy of the application's outermost decorator governs the call, so this one is left out.
            return decorators.HandOver(target, key);
        }

        var service = target.Get(provider, key);

        // A registration may forward to another one of the same interface, which is governed already.
        return service is null || IsGoverned(service)
            ? service
            : ToolProxies.Create(
                interfaceDescriptor.Interface, service,
                new GovernanceInterceptor(provider.GetRequiredService<ToolCallPipeline>(), interfaceDescriptor, provider));
    }

    private bool IsGoverned(object service) =>
        service is IProxyTargetAccessor proxy
        && Array.Exists(proxy.GetInterceptors(), i => i is GovernanceInterceptor governance && governance.Interface == interfaceDescriptor.Interface);
}
