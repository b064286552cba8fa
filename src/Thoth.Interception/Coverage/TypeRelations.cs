using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Coverage;

/// <summary>Compares types for the coverage check.</summary>
internal static class TypeRelations
{
    private static readonly HashSet<Type> s_wrappers =
    [
        typeof(IEnumerable<>), typeof(IReadOnlyCollection<>), typeof(IReadOnlyList<>), typeof(ICollection<>), typeof(IList<>), typeof(List<>),
        typeof(Lazy<>), typeof(Func<>), typeof(Func<,>), typeof(Func<,,>), typeof(Func<,,,>), typeof(Task<>), typeof(ValueTask<>),
    ];

    /// <summary>
    /// Gets the type that a collection, a lazy value or a function gives. Other generic types, such as <c>ILogger&lt;C&gt;</c>, stay as
    /// they are.
    /// </summary>
    public static Type Unwrap(Type type)
    {
        while (true)
        {
            if (type.IsArray)
            {
                type = type.GetElementType()!;
            }
            else if (type.IsConstructedGenericType && s_wrappers.Contains(type.GetGenericTypeDefinition()))
            {
                type = type.GetGenericArguments()[^1];
            }
            else
            {
                return type;
            }
        }
    }

    /// <summary>
    /// Tells whether the type is the interface or implements it, or may for some type arguments. Variance does not count, since
    /// the container ignores it.
    /// </summary>
    public static bool IsOrImplements(this Type type, Type tools)
    {
        if (Fits(type, tools))
        {
            return true;
        }

        foreach (var implemented in type.GetInterfaces())
        {
            if (Fits(implemented, tools))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether one type is the open generic form of the other.</summary>
    public static bool IsOtherFormOf(this Type type, Type tools) => type != tools && Fits(type, tools);

    /// <summary>Tells whether a registration in the other form has an implementation that fits.</summary>
    public static bool CanServe(this ServiceDescriptor descriptor, Type tools)
    {
        if (!descriptor.ServiceType.IsGenericTypeDefinition)
        {
            return true;
        }

        try
        {
            // The container closes the implementation with the service's type arguments, and skips it if it cannot.
            ImplementationInfo.Of(descriptor).Type.MakeGenericType(tools.GetGenericArguments());
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Tells whether tools are never called through this type: it belongs to the platform, or it is an interface without members.</summary>
    public static bool IsNeverUsedForCalls(this Type type) =>
        type.Namespace?.Split('.')[0] == "System"
        || (type.IsInterface && type.GetMembers().Length == 0 && Array.TrueForAll(type.GetInterfaces(), IsNeverUsedForCalls));

    private static bool Fits(Type type, Type tools) =>
        type == tools
        || (type.IsGenericType && tools.IsGenericType
            && (type.ContainsGenericParameters || tools.ContainsGenericParameters)
            && type.GetGenericTypeDefinition() == tools.GetGenericTypeDefinition());
}
