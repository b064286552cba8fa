using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Invocation;

/// <summary>Records how a tool's task ended.</summary>
internal static class TaskOutcome
{
    public static void Record(Task task, object? result, ToolCallPipeline pipeline, ToolCall call)
    {
        if (task.IsCompletedSuccessfully)
        {
            pipeline.Completed(call, result);
        }
        else
        {
            pipeline.Failed(call, task.Exception?.InnerException ?? new TaskCanceledException(task));
        }
    }
}
