using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Interception;

namespace Thoth.Interception.Coverage;

/// <summary>Describes the implementation of a registration, as far as it is known without creating it.</summary>
/// <param name="Type">The class if it is known, or else the most specific type that a factory declares.</param>
/// <param name="ByFactory">Whether a factory creates it.</param>
internal sealed record ImplementationInfo(Type Type, bool ByFactory)
{
    /// <summary>Gets whether the class is known. A factory that declares an interface or an abstract class may return any class that fits.</summary>
    public bool IsKnown => !Type.IsInterface && !Type.IsAbstract && Type != typeof(object);

    public static ImplementationInfo Of(ServiceDescriptor descriptor)
    {
        if ((descriptor.GetImplementationType() ?? descriptor.GetImplementationInstance()?.GetType()) is { } type)
        {
            return new ImplementationInfo(type, false);
        }

        return new ImplementationInfo(descriptor.GetDeclaredType(), true);
    }
}
