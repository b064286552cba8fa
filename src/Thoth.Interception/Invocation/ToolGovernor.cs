using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Thoth.Interception.Arguments;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Invocation;

/// <summary>Governs delegates as interfaces are governed, with a compiled function in the proxy's place.</summary>
internal sealed class ToolGovernor(ToolCallPipeline pipeline, CallDecider decider) : IToolGovernor
{
    private static readonly ConcurrentDictionary<(Type Tool, int? Json), Func<WrappedTool, Delegate>> s_wrappers = new();

    [RequiresUnreferencedCode(Trimming.NotSupported), RequiresDynamicCode(Trimming.NotSupported)]
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

        var named = NamedParameters(tool, invoke);
        int? json = options.JsonArguments ? JsonParameterIn(named, name) : null;
        var function = json is null ? tool : TakeObject(tool, invoke, json.Value);
        if (json is not null)
        {
            named = [.. named];
            named[json.Value] = new RetypedParameter(named[json.Value], typeof(JsonElement), keepsDefault: false);
        }

        var parameters = new ToolParameters(named, ArgumentJson.With(options.Converters), wholeObject: true);
        if (parameters.ObstaclesTo(options.Arguments) is { Count: > 0 } obstacles)
        {
            throw new ArgumentException($"The tool '{name}' cannot be governed: {string.Join("; ", obstacles)}.", nameof(tool));
        }

        var method = new ToolMethodDescriptor(
            new Tool(name.Trim(), parameters, options.Action, options.Arguments), function.GetType().GetMethod("Invoke")!);
        var wrap = s_wrappers.GetOrAdd((tool.GetType(), json), static key => CompileWrapper(key.Tool, key.Json));
        return (TDelegate)wrap(new WrappedTool(pipeline, method, function));
    }

    [RequiresUnreferencedCode(Trimming.NotSupported), RequiresDynamicCode(Trimming.NotSupported)]
    public IReadOnlyDictionary<string, TDelegate> WrapTools<TDelegate>(
        IEnumerable<KeyValuePair<string, TDelegate>> tools, WrappedToolOptions? options = null)
        where TDelegate : Delegate
    {
        ArgumentNullException.ThrowIfNull(tools);
        return tools.ToDictionary(tool => tool.Key, tool => WrapTool(tool.Key, tool.Value, options), StringComparer.Ordinal);
    }

    public ValueTask<ToolCallDecision> DecideAsync(
        ToolDescriptor tool, ReadOnlyMemory<byte> json, ToolCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return decider.DecideAsync(tool, new GivenArguments(json), options ?? new ToolCallOptions(), cancellationToken);
    }

    public ValueTask<ToolCallDecision> DecideAsync(
        ToolDescriptor tool, IReadOnlyDictionary<string, object?> arguments, ToolCallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tool);
        ArgumentNullException.ThrowIfNull(arguments);
        return decider.DecideAsync(tool, new GivenArguments(arguments), options ?? new ToolCallOptions(), cancellationToken);
    }

    private static string? ObstacleIn(MethodInfo invoke) =>
        Array.Exists(invoke.GetParameters(), parameter => parameter.ParameterType.IsByRef)
            ? "it has a by-reference parameter; return the value in the result"
            : SignatureRules.ObstacleIn(invoke);

    /// <summary>
    /// The lambda's parameters, whose names are the arguments' names. Those of <c>Func</c> and the like say nothing. A method may
    /// take base types of what the delegate takes; the values have the types of the delegate.
    /// </summary>
    private static ParameterInfo[] NamedParameters(Delegate tool, MethodInfo invoke)
    {
        var own = tool.Method.GetParameters();
        var declared = invoke.GetParameters();

        // A compiled method, and a static one with a bound first argument, has one parameter more than the delegate.
        return own.Length == declared.Length && Array.TrueForAll(own, parameter => !string.IsNullOrEmpty(parameter.Name))
            ? Array.ConvertAll(own, parameter => declared[parameter.Position].ParameterType is var type && type == parameter.ParameterType
                ? parameter
                : new RetypedParameter(parameter, type, keepsDefault: true))
            : declared;
    }

    /// <summary>The position of the parameter that holds the JSON of all arguments.</summary>
    private static int JsonParameterIn(ParameterInfo[] parameters, string tool)
    {
        var sent = Array.FindAll(parameters, ToolParameter.GoesOnTheWire);
        return sent is [{ } single] && JsonArguments.CanBeHeldBy(single.ParameterType)
            ? single.Position
            : throw new ArgumentException(
                $"The tool '{tool}' cannot be governed: with JsonArguments it must have one parameter besides a CancellationToken, " +
                "of type string, byte[], ReadOnlyMemory<byte> or BinaryData.", nameof(tool));
    }

    /// <summary>Compiles a function that takes the object, which the pipeline knows, in the place of its JSON.</summary>
    private static Delegate TakeObject(Delegate tool, MethodInfo invoke, int json)
    {
        var parameters = Array.ConvertAll(
            invoke.GetParameters(),
            parameter => Expression.Parameter(parameter.Position == json ? typeof(JsonElement) : parameter.ParameterType, parameter.Name));
        var arguments = Array.ConvertAll<ParameterExpression, Expression>(parameters, parameter => parameter);
        arguments[json] = JsonArguments.Write(parameters[json], invoke.GetParameters()[json].ParameterType);
        return Expression.Lambda(Expression.Invoke(Expression.Constant(tool), arguments), parameters).Compile();
    }

    private static Func<WrappedTool, Delegate> CompileWrapper(Type type, int? json)
    {
        var invoke = type.GetMethod("Invoke")!;
        var parameters = Array.ConvertAll(invoke.GetParameters(), parameter => Expression.Parameter(parameter.ParameterType, parameter.Name));
        var tool = Expression.Parameter(typeof(WrappedTool));
        Expression body = Expression.Call(
            tool,
            nameof(WrappedTool.Call),
            Type.EmptyTypes,
            Expression.NewArrayInit(typeof(object), parameters.Select((parameter, i) =>
                Expression.Convert(i == json ? JsonArguments.Read(parameter) : parameter, typeof(object)))));
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
