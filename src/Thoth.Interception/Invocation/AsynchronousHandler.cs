using Thoth.Interception.Pipeline;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Invocation;

/// <summary>
/// Methods that return a task. Where the decision is there at once the tool starts at once, on the caller's stack; else it
/// starts on the caller's context when the decision has come. Refusals are always in the returned task.
/// </summary>
/// <typeparam name="TTask">The task type that the tool's result is handed on as.</typeparam>
internal abstract class AsynchronousHandler<TTask> : ReturnTypeHandler
    where TTask : Task
{
    public sealed override object? Run(ToolCallPipeline pipeline, ToolMethodDescriptor plan, object target, object?[] values)
    {
        var call = pipeline.Begin(plan.Tool, values);
        try
        {
            var asked = pipeline.AskAsync(call);
            if (!asked.IsCompleted)
            {
                return Returned(Unwrap(StartWhenAnsweredAsync(asked, pipeline, plan, target, call)));
            }

            try
            {
                var (answer, failure) = CompletedTaskResult.OutcomeOf(asked);
                var approval = pipeline.ObeyAsync(call, answer, failure);
                if (!approval.IsCompletedSuccessfully)
                {
                    return Returned(Unwrap(StartWhenApprovedAsync(approval, pipeline, plan, target, call)));
                }

                pipeline.Start(call);
            }
            catch (Exception refusal)
            {
                return Returned(Unwrap(Refused(refusal)));
            }

            return RunTool(pipeline, plan, target, call);
        }
        finally
        {
            call.ReturnToCaller();
        }
    }

    /// <summary>The tool's task as the method's own return type.</summary>
    protected abstract object Returned(TTask task);

    /// <summary>The tool's result as a task, or <see langword="null"/> where the tool returned none.</summary>
    protected abstract TTask? TaskOf(object? result);

    /// <summary>A task with the outcome of the inner one: every exception of it, and its cancellation.</summary>
    protected abstract TTask Unwrap(Task<TTask> task);

    /// <summary>A task that completes as the tool's does, after its end has been recorded.</summary>
    protected abstract TTask Follow(TTask task, ToolCallPipeline pipeline, ToolCall call);

    private async Task<TTask> StartWhenAnsweredAsync(
        ValueTask<EnforcementDecision> asked, ToolCallPipeline pipeline, ToolMethodDescriptor plan, object target, ToolCall call)
    {
        // The answer is obeyed wherever it comes in: a caller whose context is gone must not take the call's evidence with it.
        var caller = CallerContext.Capture();
        EnforcementDecision? answer = null;
        Exception? failure = null;
        try
        {
            answer = await asked.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        await pipeline.ObeyAsync(call, answer, failure).ConfigureAwait(false);
        await caller;
        return Start(pipeline, plan, target, call);
    }

    private async Task<TTask> StartWhenApprovedAsync(
        ValueTask approval, ToolCallPipeline pipeline, ToolMethodDescriptor plan, object target, ToolCall call)
    {
        var caller = CallerContext.Capture();
        await approval.ConfigureAwait(false);
        await caller;
        return Start(pipeline, plan, target, call);
    }

    private TTask Start(ToolCallPipeline pipeline, ToolMethodDescriptor plan, object target, ToolCall call)
    {
        pipeline.Start(call);
        var (task, _) = InvokeTool(pipeline, plan, target, call);
        return task is not null
            ? Follow(task, pipeline, call)
            : throw NoTask(pipeline, call);
    }

    private object? RunTool(ToolCallPipeline pipeline, ToolMethodDescriptor plan, object target, ToolCall call)
    {
        var (task, result) = InvokeTool(pipeline, plan, target, call);
        if (task is not null)
        {
            return Returned(Follow(task, pipeline, call));
        }

        // A test double without a set-up returns no task: the caller sees what it would see without the proxy.
        pipeline.Completed(call, null);
        return result;
    }

    private (TTask? Task, object? Result) InvokeTool(ToolCallPipeline pipeline, ToolMethodDescriptor plan, object target, ToolCall call)
    {
        try
        {
            // Taking the task is the tool's code too: a value task may come from a source that refuses.
            var result = plan.Invoke(target, call.Values);
            return (TaskOf(result), result);
        }
        catch (Exception exception)
        {
            pipeline.Failed(call, exception);
            throw;
        }
    }

    /// <summary>What an async method makes of the exception: a cancellation is no failure.</summary>
    private static async Task<TTask> Refused(Exception refusal) => await Task.FromException<TTask>(refusal).ConfigureAwait(false);

    /// <summary>What the caller's own await of the missing task would have thrown.</summary>
    private static NullReferenceException NoTask(ToolCallPipeline pipeline, ToolCall call)
    {
        pipeline.Completed(call, null);
        return new NullReferenceException($"The tool '{call.Tool.Name}' returned no task.");
    }
}
