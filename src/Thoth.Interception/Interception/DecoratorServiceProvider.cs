using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Interception;

/// <summary>
/// The provider that the factories of an application's own decorators get. Scrutor keeps what they decorate in the container, where
/// <see cref="KeyedService.AnyKey"/> finds it; if the interface is governed, only this provider finds it.
/// </summary>
internal sealed class DecoratorServiceProvider(IServiceProvider provider, IReadOnlyDictionary<string, TargetRegistration> decorated)
    : IKeyedServiceProvider, ISupportRequiredService
{
    /// <summary>The service that <see cref="HandOver"/> gave; its own holder disposes it.</summary>
    public object? HandedOver { get; private set; }

    /// <summary>Gives a proxy's factory the service behind its proxy, because the proxy now stands before the decorators.</summary>
    public object? HandOver(TargetRegistration target, object? key) => HandedOver = target.Get(provider, key);

    public object? GetService(Type serviceType) => provider.GetService(serviceType);

    public object GetRequiredService(Type serviceType) => provider.GetRequiredService(serviceType);

    public object? GetKeyedService(Type serviceType, object? serviceKey) => serviceKey is string key && decorated.TryGetValue(key, out var target)
        ? target.Get(provider, key)
        : ((IKeyedServiceProvider)provider).GetKeyedService(serviceType, serviceKey);

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey) => serviceKey is string key && decorated.ContainsKey(key)
        ? GetKeyedService(serviceType, serviceKey)
            ?? throw new InvalidOperationException(
                $"The decorated factory of '{serviceType}' returned null. Return a service, or resolve it with GetKeyedService.")
        : provider.GetRequiredKeyedService(serviceType, serviceKey);
}
