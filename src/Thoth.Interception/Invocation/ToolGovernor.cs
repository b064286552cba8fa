using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Thoth.Interception.Arguments;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Invocation;

/// <summary>Governs delegates as interfaces are governed, with a compiled function in the proxy's place.</summary>
internal sealed class ToolGovernor(ToolCallPipeline pipeline) : IToolGovernor
{
    private static readonly ConcurrentDictionary<Type, Func<WrappedTool, Delegate>> s_wrappers = new();

    public TDelegate WrapTool<TDelegate>(string name, TDelegate tool, WrappedToolOptions? options = null)
        where TDelegate : Delegate
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(tool);
        options ??= new WrappedToolOptions();
        var invoke = tool.GetType().GetMethod("Invoke")!;
        if (ObstacleIn(invoke) is { } obstacle)
        {
            throw new ArgumentException($"The tool '{name}' cannot be governed: {obstacle}.", nameof(tool));
        }

        var parameters = new ToolParameters(NamedParameters(tool, invoke), ArgumentJson.With(options.Converters), wholeObject: true);
        if (options.Arguments == ArgumentIsolation.Copy && parameters.ObstacleToCopy() is { } loss)
        {
            throw new ArgumentException($"The tool '{name}' cannot be governed: {loss}.", nameof(options));
        }

        var method = new ToolMethodDescriptor(new Tool(name.Trim(), parameters, options.Action, options.Arguments), invoke);
        var wrap = s_wrappers.GetOrAdd(tool.GetType(), CompileWrapper);
        return (TDelegate)wrap(new WrappedTool(pipeline, method, tool));
    }

    public IReadOnlyDictionary<string, TDelegate> WrapTools<TDelegate>(
        IEnumerable<KeyValuePair<string, TDelegate>> tools, WrappedToolOptions? options = null)
        where TDelegate : Delegate
    {
        ArgumentNullException.ThrowIfNull(tools);
        return tools.ToDictionary(tool => tool.Key, tool => WrapTool(tool.Key, tool.Value, options), StringComparer.Ordinal);
    }

    private static string? ObstacleIn(MethodInfo invoke) =>
        Array.Exists(invoke.GetParameters(), parameter => parameter.ParameterType.IsByRef)
            ? "it has a by-reference parameter; return the value in the result"
            : SignatureRules.ObstacleIn(invoke);

    /// <summary>The lambda's parameters, whose names are the arguments' names. Those of <c>Func</c> and the like say nothing.</summary>
    private static ParameterInfo[] NamedParameters(Delegate tool, MethodInfo invoke)
    {
        var own = tool.Method.GetParameters();
        var declared = invoke.GetParameters();

        // A compiled method, and a static one with a bound first argument, has one parameter more than the delegate.
        return own.Length == declared.Length && Array.TrueForAll(own, parameter => !string.IsNullOrEmpty(parameter.Name)) ? own : declared;
    }

    private static Func<WrappedTool, Delegate> CompileWrapper(Type type)
    {
        var invoke = type.GetMethod("Invoke")!;
        var parameters = Array.ConvertAll(invoke.GetParameters(), parameter => Expression.Parameter(parameter.ParameterType, parameter.Name));
        var tool = Expression.Parameter(typeof(WrappedTool));
        Expression body = Expression.Call(
            tool,
            nameof(WrappedTool.Call),
            Type.EmptyTypes,
            Expression.NewArrayInit(typeof(object), Array.ConvertAll(parameters, p => Expression.Convert(p, typeof(object)))));
        if (invoke.ReturnType != typeof(void))
        {
            body = Expression.Convert(body, invoke.ReturnType);
        }

        return Expression.Lambda<Func<WrappedTool, Delegate>>(Expression.Lambda(type, body, parameters), tool).Compile();
    }

    private sealed class WrappedTool(ToolCallPipeline pipeline, ToolMethodDescriptor method, Delegate tool)
    {
        public object? Call(object?[] values) => method.Handler.Run(pipeline, method, tool, values);
    }
}
