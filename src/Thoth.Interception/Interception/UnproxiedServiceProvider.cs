using Castle.DynamicProxy;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Interception;

/// <summary>
/// The provider that the factory of a service gets which may be ungoverned. Such a factory may cast a governed service to its class, as
/// the one that <c>AddDbContext&lt;IShop, Shop&gt;</c> registers for <c>Shop</c>. A proxy is not of that class, so the provider gives the
/// service behind it. A proxy that fits is given as it is.
/// </summary>
/// <param name="provider">The provider.</param>
/// <param name="allowed">The type of the service.</param>
internal sealed class UnproxiedServiceProvider(IServiceProvider provider, Type allowed) : IKeyedServiceProvider, ISupportRequiredService
{
    public object? GetService(Type serviceType) => Unproxied(provider.GetService(serviceType));

    public object GetRequiredService(Type serviceType) => Unproxied(provider.GetRequiredService(serviceType))!;

    public object? GetKeyedService(Type serviceType, object? serviceKey) =>
        Unproxied(((IKeyedServiceProvider)provider).GetKeyedService(serviceType, serviceKey));

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) =>
        Unproxied(provider.GetRequiredKeyedService(serviceType, serviceKey))!;

    private object? Unproxied(object? service)
    {
        switch (service)
        {
            case IProxyTargetAccessor proxy:
                return TargetOf(proxy) ?? service;
            case object[] services:
                var copy = (object[])services.Clone();
                for (var i = 0; i < copy.Length; i++)
                {
                    copy[i] = Unproxied(copy[i])!;
                }

                return copy;
            default:
                return service;
        }
    }

    private object? TargetOf(IProxyTargetAccessor proxy) =>
        !allowed.IsInstanceOfType(proxy) && Array.Exists(proxy.GetInterceptors(), interceptor => interceptor is GovernanceInterceptor)
            && proxy.DynProxyGetTarget() is { } target && allowed.IsInstanceOfType(target)
            ? target
            : null;
}
