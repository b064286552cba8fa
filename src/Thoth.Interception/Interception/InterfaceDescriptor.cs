using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using Thoth.Interception.Arguments;
using Thoth.Interception.Invocation;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Interception;

/// <summary>
/// The plans of all tools of one interface, made at registration. A generic method's plan is made at its first call with
/// new type arguments, which nobody can know before.
/// </summary>
internal sealed class InterfaceDescriptor
{
    private readonly GovernedToolsOptions _options;
    private readonly ArgumentJson _json;
    private readonly FrozenDictionary<MethodInfo, ToolMethodDescriptor> _plans;
    private readonly FrozenDictionary<MethodInfo, string> _genericTools;
    private readonly ConcurrentDictionary<MethodInfo, ToolMethodDescriptor> _closed = new();

    private InterfaceDescriptor(Type tools, GovernedToolsOptions options)
    {
        Interface = tools;
        _options = options;
        _json = ArgumentJson.With(options.Converters);
        var plans = new Dictionary<MethodInfo, ToolMethodDescriptor>();
        var generic = new Dictionary<MethodInfo, string>();
        foreach (var method in ProxyRules.MethodsOf(tools, BindingFlags.Instance))
        {
            if (!ProxyRules.IsTool(method))
            {
                continue;
            }

            ThrowIf(ProxyRules.ObstacleIn(method), tools, method);
            var attribute = method.GetCustomAttribute<GovernedToolAttribute>();
            var name = ToolNaming.NameOf(method, attribute, options);
            ThrowIf(name.Length == 0 ? "its tool name is blank; give it one with [GovernedTool(\"name\")]" : null, tools, method);
            if (method.IsGenericMethodDefinition)
            {
                generic.Add(method, name);
            }
            else
            {
                plans.Add(method, Plan(method, name));
            }
        }

        _plans = plans.ToFrozenDictionary();
        _genericTools = generic.ToFrozenDictionary();
    }

    public Type Interface { get; }

    /// <summary>The tools by the method that each one is called through.</summary>
    public IEnumerable<KeyValuePair<MethodInfo, string>> Tools
    {
        get
        {
            foreach (var (method, plan) in _plans)
            {
                yield return new(method, plan.Tool.Name);
            }

            foreach (var tool in _genericTools)
            {
                yield return tool;
            }
        }
    }

    /// <exception cref="InvalidOperationException">The interface, or one of its members, cannot be governed.</exception>
    public static InterfaceDescriptor For(Type tools, GovernedToolsOptions options)
    {
        if (ProxyRules.ObstacleIn(tools) is { } obstacle)
        {
            throw new InvalidOperationException($"'{tools}' cannot be governed: {obstacle}.");
        }

        return new InterfaceDescriptor(tools, options);
    }

    /// <summary>The plan of a called method; <see langword="null"/> for a method that is no tool.</summary>
    public ToolMethodDescriptor? Find(MethodInfo method)
    {
        if (_plans.TryGetValue(method, out var plan) || _closed.TryGetValue(method, out plan))
        {
            return plan;
        }

        return method.IsGenericMethod && _genericTools.TryGetValue(method.GetGenericMethodDefinition(), out var name)
            ? _closed.GetOrAdd(method, static (closed, state) => state.Owner.Close(closed, state.Name), (Owner: this, Name: name))
            : null;
    }

    private ToolMethodDescriptor Close(MethodInfo method, string name)
    {
        // A type argument may be what the definition could not show: a custom awaitable in the place of the result.
        ThrowIf(ProxyRules.ObstacleIn(method), Interface, method);
        return Plan(method, name);
    }

    private ToolMethodDescriptor Plan(MethodInfo method, string name)
    {
        var attribute = method.GetCustomAttribute<GovernedToolAttribute>();
        var isolation = attribute?.ArgumentsOrNull ?? _options.Arguments;
        var parameters = new ToolParameters(method.GetParameters(), _json);
        if (isolation == ArgumentIsolation.Copy)
        {
            ThrowIf(parameters.ObstacleToCopy(), Interface, method);
        }

        return new ToolMethodDescriptor(new Tool(name, parameters, attribute?.Action ?? ToolAction.Unspecified, isolation), method);
    }

    private static void ThrowIf(string? obstacle, Type tools, MethodInfo method)
    {
        if (obstacle is not null)
        {
            throw new InvalidOperationException($"'{tools}.{method.Name}' cannot be governed: {obstacle}.");
        }
    }
}
