using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Interception;

namespace Thoth.Interception.Coverage;

/// <summary>Describes the implementation of a registration, as far as it is known without creating it.</summary>
/// <param name="Type">The class if it is known, or else the most specific type that a factory declares.</param>
/// <param name="ByFactory">Whether a factory creates it.</param>
internal readonly record struct ImplementationInfo(Type Type, bool ByFactory)
{
    /// <summary>Gets whether the class is known. A factory that declares an interface or an abstract class may return any class that fits.</summary>
    public bool IsKnown => !Type.IsInterface && !Type.IsAbstract && Type != typeof(object);

    public static ImplementationInfo Of(ServiceDescriptor descriptor)
    {
        if ((descriptor.GetImplementationType() ?? descriptor.GetImplementationInstance()?.GetType()) is { } type)
        {
            return new ImplementationInfo(type, false);
        }

        Delegate factory = descriptor.IsKeyedService ? descriptor.KeyedImplementationFactory! : descriptor.ImplementationFactory!;
        return new ImplementationInfo(DeclaredBy(factory, descriptor.ServiceType), true);
    }

    /// <summary>
    /// Gets the most specific type that a factory declares. <c>AddScoped&lt;I, C&gt;(sp => ...)</c> passes a
    /// <c>Func&lt;IServiceProvider, C&gt;</c>, and a method may declare a more specific type than its delegate.
    /// </summary>
    private static Type DeclaredBy(Delegate factory, Type serviceType)
    {
        var narrowest = serviceType;
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
