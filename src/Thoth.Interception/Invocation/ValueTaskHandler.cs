namespace Thoth.Interception.Invocation;

/// <summary>Governs methods that return <see cref="ValueTask"/>.</summary>
internal sealed class ValueTaskHandler : TaskHandler
{
    protected override object Returned(Task task) => new ValueTask(task);

    protected override Task? TaskOf(object? result) => ((ValueTask)result!).AsTask();
}

/// <summary>Governs methods that return <see cref="ValueTask{TResult}"/>.</summary>
internal sealed class ValueTaskHandler<T> : TaskHandler<T>
{
    protected override object Returned(Task<T> task) => new ValueTask<T>(task);

    protected override Task<T>? TaskOf(object? result) => ((ValueTask<T>)result!).AsTask();
}
