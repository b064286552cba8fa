using System.Collections;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Invocation;

/// <summary>Governs the calls of methods with one kind of return type, which determines when a call ends.</summary>
internal abstract class ReturnTypeHandler
{
    private static readonly ReturnTypeHandler s_synchronous = new SynchronousHandler();
    private static readonly ReturnTypeHandler s_task = new TaskHandler();
    private static readonly ReturnTypeHandler s_valueTask = new ValueTaskHandler();

    /// <summary>Gets the handler of a closed return type.</summary>
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

        return HandlerOf(type) is { } handler
            ? (ReturnTypeHandler)Activator.CreateInstance(handler.MakeGenericType(type.GetGenericArguments()))!
            : s_synchronous;
    }

    /// <summary>Whether a call can go on after it has returned to the caller. The type can be open, such as <c>Task&lt;T&gt;</c>.</summary>
    public static bool OutlivesTheCall(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask) || type == typeof(IEnumerable) || HandlerOf(type) is not null;

    /// <summary>Gets whether the tool's body starts after the method has returned, when its sequence is read.</summary>
    public virtual bool IsDelayed => false;

    /// <summary>Governs one call and returns what the method would return without governance.</summary>
    public abstract object? Run(ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, object?[] values);

    private static Type? HandlerOf(Type type) => type.IsGenericType ? HandlerOfDefinition(type.GetGenericTypeDefinition()) : null;

    private static Type? HandlerOfDefinition(Type definition) =>
        definition == typeof(Task<>) ? typeof(TaskHandler<>)
        : definition == typeof(ValueTask<>) ? typeof(ValueTaskHandler<>)
        : definition == typeof(IAsyncEnumerable<>) ? typeof(AsyncEnumerableHandler<>)
        : definition == typeof(IEnumerable<>) ? typeof(EnumerableHandler<>)
        : null;
}
