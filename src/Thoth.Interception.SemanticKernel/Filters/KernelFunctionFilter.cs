using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace Thoth.Interception.SemanticKernel.Filters;

/// <summary>Decides each kernel function before it runs.</summary>
internal sealed class KernelFunctionFilter(IToolGovernor governor, ThothKernelOptions options) : IFunctionInvocationFilter
{
    private readonly ConditionalWeakTable<KernelFunction, ToolDescriptor> _tools = [];

    public async Task OnFunctionInvocationAsync(Microsoft.SemanticKernel.FunctionInvocationContext context, Func<Microsoft.SemanticKernel.FunctionInvocationContext, Task> next)
    {
        if (!options.Governs(context.Function))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        var (isOfModel, callId) = ModelCall.Take(context.Function);
        using var decision = await governor.DecideAsync(
            options.Describe?.Invoke(context.Function) ?? _tools.GetValue(context.Function, Describe),
            FunctionArguments.Of(context.Function, context.Arguments),
            new ToolCallOptions { CallId = callId, WaitForApproval = options.WaitForApproval },
            context.CancellationToken).ConfigureAwait(false);
        if (decision.MayRun)
        {
            await decision.RunAsync(
                async (approved, _) =>
                {
                    FunctionArguments.Replace(context.Function, context.Arguments, approved);
                    await next(context).ConfigureAwait(false);
                    return context.Result.ValueType;
                },
                context.CancellationToken).ConfigureAwait(false);
        }
        else if (isOfModel && !context.IsStreaming)
        {
            context.Result = new FunctionResult(context.Result, decision.ModelText);
        }
        else
        {
            throw decision.Refusal!;
        }
    }

    private static ToolDescriptor Describe(KernelFunction function) => new(((AIFunction)function).Name)
    {
        Method = function.UnderlyingMethod,
        Binder = function.JsonSerializerOptions,
    };
}
