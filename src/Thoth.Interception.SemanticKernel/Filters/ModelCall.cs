using Microsoft.SemanticKernel;

namespace Thoth.Interception.SemanticKernel.Filters;

/// <summary>Marks the calls that a model made: a refusal of one is text for the model, any other is an exception for the caller.</summary>
internal sealed class ModelCall : IAutoFunctionInvocationFilter
{
    private static readonly AsyncLocal<ModelCall?> s_current = new();

    private readonly string? _callId;
    private readonly KernelFunction? _function;
    private bool _taken;

    public ModelCall()
    {
    }

    private ModelCall(string? callId, KernelFunction function) => (_callId, _function) = (callId, function);

    public async Task OnAutoFunctionInvocationAsync(AutoFunctionInvocationContext context, Func<AutoFunctionInvocationContext, Task> next)
    {
        s_current.Value = new ModelCall(context.ToolCallId, context.Function);
        await next(context).ConfigureAwait(false);
    }

    /// <summary>Takes the mark, once: what the function itself calls was not called by the model.</summary>
    public static (bool IsOfModel, string? CallId) Take(KernelFunction function)
    {
        var call = s_current.Value;
        return call is not null && call._function!.Name == function.Name && call._function.PluginName == function.PluginName
            && !Interlocked.Exchange(ref call._taken, true)
            ? (true, call._callId)
            : (false, null);
    }
}
