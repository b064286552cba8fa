using System.Reflection;
using Castle.DynamicProxy;
using Thoth.Interception.Invocation;

namespace Thoth.Interception.Interception;

/// <summary>Finds the methods of the interfaces that one service provider governs.</summary>
internal sealed class GovernedMethods : IGovernedMethods
{
    private readonly InterfaceDescriptor[] _interfaces;
    private readonly Dictionary<string, MethodInfo[]> _byName;

    public GovernedMethods(GovernedServices? services)
    {
        _interfaces = [.. (services?.Registrations ?? []).Select(static registration => registration.Plan).Distinct()];
        _byName = _interfaces.SelectMany(static tools => tools.Members)
            .GroupBy(static member => member.ToolName, static member => member.Method, StringComparer.Ordinal)
            .ToDictionary(static tool => tool.Key, static tool => tool.Distinct().ToArray(), StringComparer.Ordinal);
    }

    public IReadOnlyList<MethodInfo> Named(string toolName) => _byName.GetValueOrDefault(toolName, []);

    public ToolMethodDescriptor? Find(MethodInfo method)
    {
        foreach (var tools in _interfaces)
        {
            if (tools.Find(method) is { } descriptor)
            {
                return descriptor;
            }
        }

        return method.ReflectedType is { IsInterface: false } type ? FindImplemented(type, method) : null;
    }

    public bool IsBehindProxy(MethodInfo method) =>
        method.ReflectedType is { IsInterface: false } type && !ProxyUtil.IsProxyType(type) && FindImplemented(type, method) is not null;

    private ToolMethodDescriptor? FindImplemented(Type type, MethodInfo method)
    {
        foreach (var tools in _interfaces.Where(tools => tools.Interface.IsAssignableFrom(type)))
        {
            foreach (var declaring in tools.Members.Select(static member => member.Method.DeclaringType!).Distinct())
            {
                var map = type.GetInterfaceMap(declaring);
                if (Array.IndexOf(map.TargetMethods, method) is >= 0 and var index && tools.Find(map.InterfaceMethods[index]) is { } descriptor)
                {
                    return descriptor;
                }
            }
        }

        return null;
    }
}
