using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Interception;

/// <summary>Reads a registration the same way whether it has a key or not; the container's own properties throw on the other kind.</summary>
internal static class ServiceDescriptorExtensions
{
    /// <summary>The implementation's type, also behind a proxy of ours, which Scrutor or the application may have put anywhere.</summary>
    public static Type? TypeOf(ServiceDescriptor descriptor)
    {
        var type = descriptor.IsKeyedService ? descriptor.KeyedImplementationType : descriptor.ImplementationType;
        return type is null ? null : ConstructibleProxyFactory.ImplementationOf(type) ?? type;
    }

    public static object? InstanceOf(ServiceDescriptor descriptor) =>
        descriptor.IsKeyedService ? descriptor.KeyedImplementationInstance : descriptor.ImplementationInstance;

    public static Func<IServiceProvider, object?, object?>? FactoryOf(ServiceDescriptor descriptor)
    {
        if (descriptor.IsKeyedService)
        {
            return descriptor.KeyedImplementationFactory;
        }

        return descriptor.ImplementationFactory is { } factory ? (provider, _) => factory(provider) : null;
    }

    /// <summary>Whether Scrutor keeps here what an application's own <c>Decorate</c> has decorated.</summary>
    public static bool IsKeptByScrutor(ServiceDescriptor descriptor) =>
        descriptor.ServiceKey is string key && key.EndsWith("+Decorated", StringComparison.Ordinal);
}
