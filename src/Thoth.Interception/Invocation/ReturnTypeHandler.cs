using System.Collections;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Invocation;

/// <summary>How a method gives its result, and so how its call is governed: one implementation per kind of return type.</summary>
internal abstract class ReturnTypeHandler
{
    private static readonly ReturnTypeHandler s_synchronous = new SynchronousHandler();
    private static readonly ReturnTypeHandler s_task = new TaskHandler();
    private static readonly ReturnTypeHandler s_valueTask = new ValueTaskHandler();

    /// <summary>The shape of a return type whose type parameters are all given.</summary>
    public static ReturnTypeHandler For(Type type)
    {
        if (type == typeof(Task))
        {
            return s_task;
        }

        if (type == typeof(ValueTask))
        {
            return s_valueTask;
        }

        if (type == typeof(IEnumerable))
        {
            return new EnumerableHandler<object?>();
        }

        return ShapeOf(type) is { } shape
            ? (ReturnTypeHandler)Activator.CreateInstance(shape.MakeGenericType(type.GetGenericArguments()))!
            : s_synchronous;
    }

    /// <summary>Whether calls go on after they have returned to the caller; told of <c>Task&lt;T&gt;</c> with an open <c>T</c> too.</summary>
    public static bool OutlivesTheCall(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask) || type == typeof(IEnumerable) || ShapeOf(type) is not null;

    /// <summary>Governs one call and gives what the method itself would have given.</summary>
    public abstract object? Run(ToolCallPipeline pipeline, ToolMethodDescriptor plan, object target, object?[] values);

    private static Type? ShapeOf(Type type) => type.IsGenericType ? ShapeOfDefinition(type.GetGenericTypeDefinition()) : null;

    private static Type? ShapeOfDefinition(Type definition) =>
        definition == typeof(Task<>) ? typeof(TaskHandler<>)
        : definition == typeof(ValueTask<>) ? typeof(ValueTaskHandler<>)
        : definition == typeof(IAsyncEnumerable<>) ? typeof(AsyncEnumerableHandler<>)
        : definition == typeof(IEnumerable<>) ? typeof(EnumerableHandler<>)
        : null;
}
