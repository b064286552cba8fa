using System.Collections;

namespace Thoth.Interception;

/// <summary>How a method gives its result, and so how its call is governed: one implementation per kind of return type.</summary>
internal abstract class ReturnShape
{
    private static readonly ReturnShape s_synchronous = new SynchronousShape();
    private static readonly ReturnShape s_task = new TaskShape();
    private static readonly ReturnShape s_valueTask = new ValueTaskShape();

    public static ReturnShape For(Type type)
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
            return new EnumerableShape<object?>();
        }

        var shape = type.IsGenericType ? ShapeOf(type.GetGenericTypeDefinition()) : null;
        return shape is null ? s_synchronous : (ReturnShape)Activator.CreateInstance(shape.MakeGenericType(type.GetGenericArguments()))!;
    }

    /// <summary>Whether calls of this shape go on after they have returned to the caller.</summary>
    public bool OutlivesTheCall => this is not SynchronousShape;

    /// <summary>Governs one call and gives what the method itself would have given.</summary>
    public abstract object? Run(ToolCallPipeline pipeline, MethodPlan plan, object target, object?[] values);

    private static Type? ShapeOf(Type definition) =>
        definition == typeof(Task<>) ? typeof(TaskShape<>)
        : definition == typeof(ValueTask<>) ? typeof(ValueTaskShape<>)
        : definition == typeof(IAsyncEnumerable<>) ? typeof(AsyncEnumerableShape<>)
        : definition == typeof(IEnumerable<>) ? typeof(EnumerableShape<>)
        : null;
}
