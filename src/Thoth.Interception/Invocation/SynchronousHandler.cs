using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Invocation;

/// <summary>Governs methods whose calls end when they return.</summary>
internal sealed class SynchronousHandler : ReturnTypeHandler
{
    public override object? Run(ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, object?[] values)
    {
        var call = pipeline.Begin(method.Tool, values);
        try
        {
            var result = RunTool(pipeline, method, target, call, values);
            pipeline.Completed(call, result);
            return result;
        }
        finally
        {
            call.ReturnToCaller();
        }
    }

    /// <summary>Decides about the call and runs the tool if it is allowed. A failure is recorded here, any other end by the caller.</summary>
    public static object? RunTool(ToolCallPipeline pipeline, ToolMethodDescriptor method, object target, ToolCall call, object?[] values)
    {
        pipeline.Approve(call);
        pipeline.Start(call);
        var entered = pipeline.EnterTool(call);
        try
        {
            return method.Invoke(target, call.Values);
        }
        catch (Exception exception)
        {
            pipeline.Failed(call, exception);
            throw;
        }
        finally
        {
            pipeline.LeaveTool(call, entered);
            method.WriteBack(call.Values, values);
        }
    }
}
