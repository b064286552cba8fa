using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Interception;

namespace Thoth.Interception.Coverage;

/// <summary>What a registration makes, as far as it can be told without making it.</summary>
/// <param name="Type">The class where it is known, else the most particular type that a factory declares.</param>
/// <param name="ByFactory">A factory makes it.</param>
internal readonly record struct ImplementationInfo(Type Type, bool ByFactory)
{
    /// <summary>A factory that declares an interface or an abstract class may return anything that fits.</summary>
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
    /// A delegate is often of a narrower type than the container's own: <c>AddScoped&lt;I, C&gt;(sp => ...)</c> passes a
    /// <c>Func&lt;IServiceProvider, C&gt;</c>; and a method may return less than its delegate's type says.
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
