using System.Collections.Concurrent;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Finds the class behind a proxy of Castle DynamicProxy, which EF Core and libraries for tests derive from the classes of the
/// application. The members that such a library adds do not belong to the object.
/// </summary>
internal static class ObjectProxies
{
    private const string Marker = "Castle.DynamicProxy.IProxyTargetAccessor";

    /// <summary>The namespaces of interfaces by which such libraries reach their own proxies.</summary>
    private static readonly string[] s_infrastructure = ["Castle.", "Microsoft.EntityFrameworkCore.", "Moq", "NSubstitute.", "FakeItEasy.", "System."];

    private static readonly ConcurrentDictionary<Type, Type> s_shown = new();

    /// <summary>Gets the type by which a value is shown: its own, or of a proxy the class that the proxy derives from.</summary>
    /// <param name="type">The value's type.</param>
    /// <exception cref="ArgumentObstacleException">It is a proxy, and its class is not all that the tool can read.</exception>
    public static Type ShownTypeOf(Type type) => s_shown.GetOrAdd(type, Find);

    private static Type Find(Type type)
    {
        var shown = type;
        while (Array.Exists(shown.GetInterfaces(), static contract => contract.FullName == Marker))
        {
            shown = shown.BaseType!;
        }

        if (shown == type)
        {
            return type;
        }

        if (shown == typeof(object))
        {
            throw new ArgumentObstacleException($"'{type}' is a proxy of an interface, so its data is not known; pass the object behind it");
        }

        var own = shown.GetInterfaces();
        foreach (var contract in type.GetInterfaces())
        {
            if (Array.IndexOf(own, contract) < 0 && contract.GetProperties().Length > 0 && !IsInfrastructure(contract))
            {
                throw new ArgumentObstacleException($"'{type}' is a proxy that adds the members of '{contract}' to those of its class; pass the object behind it");
            }
        }

        return shown;
    }

    private static bool IsInfrastructure(Type contract) =>
        contract.Namespace is { } space && Array.Exists(s_infrastructure, prefix => $"{space}.".StartsWith(prefix, StringComparison.Ordinal));
}
