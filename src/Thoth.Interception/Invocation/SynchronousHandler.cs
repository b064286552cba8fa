using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Invocation;

/// <summary>Methods that have their result, or have ended, when they return.</summary>
internal sealed class SynchronousHandler : ReturnTypeHandler
{
    public override object? Run(ToolCallPipeline pipeline, ToolMethodDescriptor plan, object target, object?[] values)
    {
        var call = pipeline.Begin(plan.Tool, values);
        try
        {
            var result = RunTool(pipeline, plan, target, call, values);
            pipeline.Completed(call, result);
            return result;
        }
        finally
        {
            call.ReturnToCaller();
        }
    }

    /// <summary>Asks, and runs the tool where it may; the end of a tool that did not fail is the caller's to record.</summary>
    public static object? RunTool(ToolCallPipeline pipeline, ToolMethodDescriptor plan, object target, ToolCall call, object?[] values)
    {
        pipeline.Approve(call);
        pipeline.Start(call);
        try
        {
            return plan.Invoke(target, call.Values);
        }
        catch (Exception exception)
        {
            pipeline.Failed(call, exception);
            throw;
        }
        finally
        {
            plan.WriteBack(call.Values, values);
        }
    }
}
