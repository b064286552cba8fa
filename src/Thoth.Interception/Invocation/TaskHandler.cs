using Thoth.Interception.Pipeline;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Invocation;

/// <summary>Governs methods that return <see cref="Task"/>.</summary>
internal class TaskHandler : AsynchronousHandler<Task>
{
    protected override object Returned(Task task) => task;

    protected override Task? TaskOf(object? result) => (Task?)result;

    protected sealed override Task Unwrap(Task<Task> task) => task.Unwrap();

    protected sealed override Task RecordEnd(Task task, ToolCallPipeline pipeline, ToolCall call)
    {
        if (task.IsCompleted)
        {
            TaskOutcome.Record(task, null, pipeline, call);
            return task;
        }

        return RecordEndLater(task, pipeline, call);
    }

    private static Task RecordEndLater(Task task, ToolCallPipeline pipeline, ToolCall call)
    {
        var completion = new TaskCompletionSource();
        _ = task.ContinueWith(
            ended =>
            {
                TaskOutcome.Record(ended, null, pipeline, call);
                completion.SetFromTask(ended);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return completion.Task;
    }
}

/// <summary>Governs methods that return <see cref="Task{TResult}"/>.</summary>
internal class TaskHandler<T> : AsynchronousHandler<Task<T>>
{
    protected override object Returned(Task<T> task) => task;

    protected override Task<T>? TaskOf(object? result) => (Task<T>?)result;

    protected sealed override Task<T> Unwrap(Task<Task<T>> task) => task.Unwrap();

    protected sealed override Task<T> RecordEnd(Task<T> task, ToolCallPipeline pipeline, ToolCall call)
    {
        if (task.IsCompleted)
        {
            TaskOutcome.Record(task, ResultOf(task), pipeline, call);
            return task;
        }

        return RecordEndLater(task, pipeline, call);
    }

    private static Task<T> RecordEndLater(Task<T> task, ToolCallPipeline pipeline, ToolCall call)
    {
        var completion = new TaskCompletionSource<T>();
        _ = task.ContinueWith(
            ended =>
            {
                TaskOutcome.Record(ended, ResultOf(ended), pipeline, call);
                completion.SetFromTask(ended);
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return completion.Task;
    }

    private static object? ResultOf(Task<T> task) => task.IsCompletedSuccessfully ? CompletedTaskResult.ResultOf(task) : null;
}
