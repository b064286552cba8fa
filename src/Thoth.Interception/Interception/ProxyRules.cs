using System.Reflection;
using Castle.DynamicProxy;
using Thoth.Interception.Invocation;

namespace Thoth.Interception.Interception;

/// <summary>Tells which interfaces a proxy can implement, and which of their members are tools.</summary>
internal static class ProxyRules
{
    /// <summary>The reason why no proxy can implement the type, with the remedy; <see langword="null"/> if one can.</summary>
    public static string? ObstacleIn(Type tools)
    {
        if (!tools.IsInterface)
        {
            return "it is not an interface, and only calls through an interface can be intercepted; extract one and register the service under it";
        }

        if (tools.ContainsGenericParameters)
        {
            return "it is an open generic type, and a proxy can only implement a closed one; register and govern each closed type that is used";
        }

        if (InvisiblePartOf(tools) is { } part)
        {
            return (part == tools ? "it" : $"its type argument '{part}'") + " is not visible to the proxy assembly; make it " +
                (part.IsNested ? "and its containing types " : "") +
                "public, or internal with [assembly: InternalsVisibleTo(\"DynamicProxyGenAssembly2\")] in its project";
        }

        foreach (var method in MethodsOf(tools, BindingFlags.Static))
        {
            if (method.IsAbstract)
            {
                return $"its static abstract member '{method.Name}' cannot be implemented by a proxy; move it to another interface";
            }
        }

        return null;
    }

    /// <summary>The reason why a proxy cannot govern calls of the method, with the remedy; <see langword="null"/> if it can.</summary>
    public static string? ObstacleIn(MethodInfo method) =>
        ProxyUtil.IsAccessible(method)
            ? SignatureRules.ObstacleIn(method)
            : "it is not visible to the proxy assembly; make it public, or add " +
                "[assembly: InternalsVisibleTo(\"DynamicProxyGenAssembly2\")] to its project";

    /// <summary>The methods of the interface and of all interfaces that it extends.</summary>
    public static IEnumerable<MethodInfo> MethodsOf(Type tools, BindingFlags kind)
    {
        foreach (var type in (Type[])[tools, .. tools.GetInterfaces()])
        {
            foreach (var method in type.GetMethods(kind | BindingFlags.Public | BindingFlags.NonPublic))
            {
                yield return method;
            }
        }
    }

    /// <summary>
    /// Whether calls of the method are governed. Accessors, disposal and members marked <see cref="UngovernedAttribute"/> are
    /// not tools. Neither are sealed and private default members: like extension methods they run on the proxy, which governs
    /// the members that they call.
    /// </summary>
    public static bool IsTool(MethodInfo method) => IsOrdinary(method) && !method.IsDefined(typeof(UngovernedAttribute));

    /// <summary>Whether a proxy implements the method, which is neither an accessor nor a disposal.</summary>
    public static bool IsOrdinary(MethodInfo method) =>
        !method.IsSpecialName && method is { IsVirtual: true, IsFinal: false, IsStatic: false } && !IsDisposal(method);

    public static bool IsDisposal(MethodInfo method) =>
        method.DeclaringType == typeof(IDisposable) || method.DeclaringType == typeof(IAsyncDisposable);

    /// <summary>Castle checks a type alone. Its containing types and the parts of its type arguments must be visible too.</summary>
    private static Type? InvisiblePartOf(Type type)
    {
        if (type.HasElementType)
        {
            return InvisiblePartOf(type.GetElementType()!);
        }

        for (var outer = type; outer is not null; outer = outer.DeclaringType)
        {
            if (!ProxyUtil.IsAccessible(outer))
            {
                return type;
            }
        }

        return type.GetGenericArguments().Select(InvisiblePartOf).FirstOrDefault(part => part is not null);
    }
}
