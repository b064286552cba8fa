using Thoth.Interception.Pipeline;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Invocation;

/// <summary>
/// Governs methods that return a task. If the decision is complete at once, the tool starts on the caller's stack. Otherwise
/// it starts on the caller's context when the decision has arrived. Refusals are always in the returned task.
/// </summary>
/// <typeparam name="TTask">The task type that stands for the method's return type: its own, or that of a value task.</typeparam>
internal abstract class AsynchronousHandler<TTask> : ReturnTypeHandler
    where TTask : Task
{
    public sealed override object? Run(ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, object?[] values)
    {
        var call = pipeline.Begin(method.Tool, values);
        try
        {
            var evaluation = pipeline.EvaluateAsync(call);
            if (!evaluation.IsCompleted)
            {
                return Returned(Unwrap(StartWhenDecidedAsync(evaluation, pipeline, method, target, call)));
            }

            try
            {
                var (decision, failure) = CompletedTaskResult.OutcomeOf(evaluation);
                var approval = pipeline.ApplyAsync(call, decision, failure);
                if (!approval.IsCompletedSuccessfully)
                {
                    return Returned(Unwrap(StartWhenApprovedAsync(approval, pipeline, method, target, call)));
                }

                pipeline.Start(call);
            }
            catch (Exception refusal)
            {
                return Returned(Unwrap(Refused(refusal)));
            }

            return RunTool(pipeline, method, target, call);
        }
        finally
        {
            call.ReturnToCaller();
        }
    }

    /// <summary>Converts the task to the method's return type.</summary>
    protected abstract object Returned(TTask task);

    /// <summary>Converts the tool's result to a task; <see langword="null"/> if the tool returned <see langword="null"/>.</summary>
    protected abstract TTask? TaskOf(object? result);

    /// <summary>Creates a task with the outcome of the inner one: all of its exceptions, or its cancellation.</summary>
    protected abstract TTask Unwrap(Task<TTask> task);

    /// <summary>Creates a task that completes like the tool's, after the end of the call has been recorded.</summary>
    protected abstract TTask RecordEnd(TTask task, ToolCallPipeline pipeline, ToolCall call);

    private async Task<TTask> StartWhenDecidedAsync(
        ValueTask<EnforcementDecision> evaluation, ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, ToolCall call)
    {
        // The pipeline records the decision before the continuation goes to the caller's context. That context may never run it,
        // for example after its window has closed, and the decision must be recorded all the same.
        var caller = CallerContext.Capture();
        EnforcementDecision? decision = null;
        Exception? failure = null;
        try
        {
            decision = await evaluation.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        await pipeline.ApplyAsync(call, decision, failure).ConfigureAwait(false);
        await caller;
        return Start(pipeline, method, target, call);
    }

    private async Task<TTask> StartWhenApprovedAsync(
        ValueTask approval, ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, ToolCall call)
    {
        var caller = CallerContext.Capture();
        await approval.ConfigureAwait(false);
        await caller;
        return Start(pipeline, method, target, call);
    }

    private TTask Start(ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, ToolCall call)
    {
        pipeline.Start(call);
        var (task, _) = InvokeTool(pipeline, method, target, call);
        return task is not null
            ? RecordEnd(task, pipeline, call)
            : throw MissingTask(pipeline, call);
    }

    private object? RunTool(ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, ToolCall call)
    {
        var (task, result) = InvokeTool(pipeline, method, target, call);
        if (task is not null)
        {
            return Returned(RecordEnd(task, pipeline, call));
        }

        // A test double without a setup returns null. The caller gets the same null as without the proxy.
        pipeline.Completed(call, null);
        return result;
    }

    private (TTask? Task, object? Result) InvokeTool(ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, ToolCall call)
    {
        var entered = pipeline.EnterTool(call);
        try
        {
            // Converting the result runs code of the tool too: a value task's source can throw.
            var result = method.Invoke(target, call.Values);
            return (TaskOf(result), result);
        }
        catch (Exception exception)
        {
            pipeline.Failed(call, exception);
            throw;
        }
        finally
        {
            pipeline.LeaveTool(call, entered);
        }
    }

    /// <summary>Ends as an async method does: an <see cref="OperationCanceledException"/> cancels the task.</summary>
    private static async Task<TTask> Refused(Exception refusal) => await Task.FromException<TTask>(refusal).ConfigureAwait(false);

    /// <summary>Creates the exception that the caller's own await of <see langword="null"/> would throw.</summary>
    private static NullReferenceException MissingTask(ToolCallPipeline pipeline, ToolCall call)
    {
        pipeline.Completed(call, null);
        return new NullReferenceException($"The tool '{call.Tool.Name}' returned no task.");
    }
}
