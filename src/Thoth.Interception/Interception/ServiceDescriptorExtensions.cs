using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Interception;

/// <summary>Reads registrations with and without a key in the same way; the container's own properties throw on the other kind.</summary>
internal static class ServiceDescriptorExtensions
{
    /// <summary>
    /// Gets the type of the implementation, or <see langword="null"/> for a factory or an instance. A proxy type stands for the
    /// implementation behind it.
    /// </summary>
    public static Type? GetImplementationType(this ServiceDescriptor descriptor)
    {
        var type = descriptor.IsKeyedService ? descriptor.KeyedImplementationType : descriptor.ImplementationType;
        return type is null ? null : ConstructibleProxyFactory.ImplementationOf(type) ?? type;
    }

    public static object? GetImplementationInstance(this ServiceDescriptor descriptor) =>
        descriptor.IsKeyedService ? descriptor.KeyedImplementationInstance : descriptor.ImplementationInstance;

    public static Func<IServiceProvider, object?, object?>? GetImplementationFactory(this ServiceDescriptor descriptor)
    {
        if (descriptor.IsKeyedService)
        {
            return descriptor.KeyedImplementationFactory;
        }

        return descriptor.ImplementationFactory is { } factory ? (provider, _) => factory(provider) : null;
    }

    /// <summary>Whether this is what Scrutor keeps of a registration that the application's own <c>Decorate</c> replaced.</summary>
    public static bool IsKeptByScrutor(this ServiceDescriptor descriptor) =>
        descriptor.ServiceKey is string key && key.EndsWith("+Decorated", StringComparison.Ordinal);

    /// <summary>
    /// Gets the most specific type that a factory declares. <c>AddScoped&lt;I, C&gt;(sp => ...)</c> passes a
    /// <c>Func&lt;IServiceProvider, C&gt;</c>, and a method may declare a more specific type than its delegate.
    /// </summary>
    public static Type GetDeclaredType(this ServiceDescriptor descriptor)
    {
        Delegate factory = descriptor.IsKeyedService ? descriptor.KeyedImplementationFactory! : descriptor.ImplementationFactory!;
        var narrowest = descriptor.ServiceType;
        foreach (var declared in (Type[])[factory.GetType().GetMethod("Invoke")!.ReturnType, factory.Method.ReturnType])
        {
            if (narrowest.IsAssignableFrom(declared))
            {
                narrowest = declared;
            }
        }

        return narrowest;
    }
}
