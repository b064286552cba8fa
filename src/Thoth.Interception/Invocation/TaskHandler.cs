using Thoth.Interception.Pipeline;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Invocation;

/// <summary>Methods that return <see cref="Task"/>.</summary>
internal class TaskHandler : AsynchronousHandler<Task>
{
    protected override object Returned(Task task) => task;

    protected override Task? TaskOf(object? result) => (Task?)result;

    protected sealed override Task Unwrap(Task<Task> task) => task.Unwrap();

    protected sealed override Task Follow(Task task, ToolCallPipeline pipeline, ToolCall call)
    {
        if (task.IsCompleted)
        {
            TaskOutcome.Record(task, null, pipeline, call);
            return task;
        }

        return FollowToItsEnd(task, pipeline, call);
    }

    private static Task FollowToItsEnd(Task task, ToolCallPipeline pipeline, ToolCall call)
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

/// <summary>Methods that return <see cref="Task{TResult}"/>.</summary>
internal class TaskHandler<T> : AsynchronousHandler<Task<T>>
{
    protected override object Returned(Task<T> task) => task;

    protected override Task<T>? TaskOf(object? result) => (Task<T>?)result;

    protected sealed override Task<T> Unwrap(Task<Task<T>> task) => task.Unwrap();

    protected sealed override Task<T> Follow(Task<T> task, ToolCallPipeline pipeline, ToolCall call)
    {
        if (task.IsCompleted)
        {
            TaskOutcome.Record(task, ResultOf(task), pipeline, call);
            return task;
        }

        return FollowToItsEnd(task, pipeline, call);
    }

    private static Task<T> FollowToItsEnd(Task<T> task, ToolCallPipeline pipeline, ToolCall call)
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
