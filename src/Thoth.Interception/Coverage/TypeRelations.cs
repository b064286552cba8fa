using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Coverage;

/// <summary>What the coverage check asks about types.</summary>
internal static class TypeRelations
{
    private static readonly HashSet<Type> s_wrappers =
    [
        typeof(IEnumerable<>), typeof(IReadOnlyCollection<>), typeof(IReadOnlyList<>), typeof(ICollection<>), typeof(IList<>), typeof(List<>),
        typeof(Lazy<>), typeof(Func<>), typeof(Func<,>), typeof(Func<,,>), typeof(Func<,,,>), typeof(Task<>), typeof(ValueTask<>),
    ];

    /// <summary>What a collection, a lazy value or a function gives. An <c>ILogger&lt;C&gt;</c> gives no <c>C</c>.</summary>
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
    /// Whether the type is the interface or implements it, or may for some type arguments. Not by variance: the container
    /// does not go by it.
    /// </summary>
    public static bool IsOrImplements(this Type type, Type tools)
    {
        if (Fits(type, tools))
        {
            return true;
        }

        foreach (var own in type.GetInterfaces())
        {
            if (Fits(own, tools))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The open generic form of a closed interface, or the reverse.</summary>
    public static bool IsOtherFormOf(this Type type, Type tools) => type != tools && Fits(type, tools);

    /// <summary>Whether a registration in the other form has an implementation that fits.</summary>
    public static bool CanServe(this ServiceDescriptor descriptor, Type tools)
    {
        if (!descriptor.ServiceType.IsGenericTypeDefinition)
        {
            return true;
        }

        try
        {
            // The container closes the implementation with the service's type arguments, and passes over it where it cannot.
            ImplementationInfo.Of(descriptor).Type.MakeGenericType(tools.GetGenericArguments());
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>An interface by which nobody calls a tool: one of the platform's own, or one without members.</summary>
    public static bool IsNoWayToCall(this Type type) =>
        type.Namespace?.Split('.')[0] == "System"
        || (type.IsInterface && type.GetMembers().Length == 0 && Array.TrueForAll(type.GetInterfaces(), IsNoWayToCall));

    private static bool Fits(Type type, Type tools) =>
        type == tools
        || (type.IsGenericType && tools.IsGenericType
            && (type.ContainsGenericParameters || tools.ContainsGenericParameters)
            && type.GetGenericTypeDefinition() == tools.GetGenericTypeDefinition());
}
