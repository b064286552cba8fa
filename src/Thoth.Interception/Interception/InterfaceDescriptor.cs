using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using Thoth.Interception.Arguments;
using Thoth.Interception.Invocation;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Interception;

/// <summary>
/// Describes the tools of one governed interface. It is made at registration, except for generic methods: each of their
/// closed forms is described at its first call, since only the call tells the type arguments.
/// </summary>
internal sealed class InterfaceDescriptor
{
    private readonly GovernedToolsOptions _options;
    private readonly ArgumentJson _json;
    private readonly FrozenDictionary<MethodInfo, ToolMethodDescriptor> _methods;
    private readonly FrozenDictionary<MethodInfo, string> _genericTools;
    private readonly ConcurrentDictionary<MethodInfo, ToolMethodDescriptor> _closed = new();

    private InterfaceDescriptor(Type tools, GovernedToolsOptions options)
    {
        Interface = tools;
        _options = options;
        _json = ArgumentJson.With(options.Converters);
        Members = [.. ProxyRules.MethodsOf(tools, BindingFlags.Instance).Where(ProxyRules.IsTool).Select(Member)];
        var obstacles = new List<string>();
        _methods = Members.Index().Where(member => !member.Item.Method.IsGenericMethodDefinition).ToFrozenDictionary(
            member => member.Item.Method,
            member => Describe(
                member.Item.Method, member.Item.ToolName, obstacles, () => ToolProxies.GetInvoker(tools, member.Item.Method, member.Index)));
        if (obstacles.Count > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, obstacles));
        }

        _genericTools = Members.Where(member => member.Method.IsGenericMethodDefinition)
            .ToFrozenDictionary(member => member.Method, member => member.ToolName);
    }

    public Type Interface { get; }

    /// <summary>The tools, in the order in which the interface and its base interfaces declare them.</summary>
    public IReadOnlyList<GovernedMember> Members { get; }

    /// <exception cref="InvalidOperationException">The interface, or one of its members, cannot be governed.</exception>
    public static InterfaceDescriptor For(Type tools, GovernedToolsOptions options)
    {
        if (ProxyRules.ObstacleIn(tools) is { } obstacle)
        {
            throw new InvalidOperationException($"'{tools}' cannot be governed: {obstacle}.");
        }

        return new InterfaceDescriptor(tools, options);
    }

    /// <summary>The descriptor of a called method; <see langword="null"/> if the method is not a tool.</summary>
    public ToolMethodDescriptor? Find(MethodInfo method)
    {
        if (_methods.TryGetValue(method, out var descriptor) || _closed.TryGetValue(method, out descriptor))
        {
            return descriptor;
        }

        return method.IsGenericMethod && _genericTools.TryGetValue(method.GetGenericMethodDefinition(), out var name)
            ? _closed.GetOrAdd(method, static (closed, state) => state.Owner.Close(closed, state.Name), (Owner: this, Name: name))
            : null;
    }

    private GovernedMember Member(MethodInfo method)
    {
        ThrowIf(ProxyRules.ObstacleIn(method), method);
        if (ToolNameBuilder.ExplicitNameOf(method, _options) is not { } name)
        {
            return new GovernedMember(
                Interface, method, ToolNameBuilder.Build(Interface, method.Name, _options.Naming), _options.Naming == ToolNaming.Method);
        }

        ThrowIf(ToolNameBuilder.ObstacleIn(name), method);
        return new GovernedMember(Interface, method, name, IsNamedByMethod: false);
    }

    private ToolMethodDescriptor Close(MethodInfo method, string name)
    {
        // A type argument can bring an obstacle that the definition does not show, such as a custom awaitable as the result.
        ThrowIf(ProxyRules.ObstacleIn(method), method);
        return Describe(method, name, obstacles: null, compile: null);
    }

    /// <summary>Describes a method, and collects what makes its calls impossible. A call that brings the types is refused by itself.</summary>
    private ToolMethodDescriptor Describe(MethodInfo method, string name, List<string>? obstacles, Func<Func<object, object?[], object?>>? compile)
    {
        var attribute = method.GetCustomAttribute<GovernedToolAttribute>();
        var isolation = attribute?.ArgumentsOrNull ?? _options.Arguments;
        var parameters = new ToolParameters(method.GetParameters(), _json);
        obstacles?.AddRange(parameters.ObstaclesTo(isolation).Select(obstacle => Text(obstacle, method)));

        return new ToolMethodDescriptor(new Tool(name, parameters, attribute?.Action ?? ToolAction.Unspecified, isolation), method, compile);
    }

    private void ThrowIf(string? obstacle, MethodInfo method)
    {
        if (obstacle is not null)
        {
            throw new InvalidOperationException(Text(obstacle, method));
        }
    }

    private string Text(string obstacle, MethodInfo method) => $"'{Interface}.{method.Name}' cannot be governed: {obstacle}.";
}
