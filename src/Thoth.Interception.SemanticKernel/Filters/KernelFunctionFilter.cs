using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace Thoth.Interception.SemanticKernel.Filters;

/// <summary>Decides each kernel function before it runs.</summary>
internal sealed class KernelFunctionFilter(IToolGovernor governor, ThothKernelOptions options) : IFunctionInvocationFilter
{
    private static readonly AsyncLocal<DecidedCall?> s_decided = new();

    private readonly ConditionalWeakTable<KernelFunction, ToolDescriptor> _tools = [];

    public async Task OnFunctionInvocationAsync(Microsoft.SemanticKernel.FunctionInvocationContext context, Func<Microsoft.SemanticKernel.FunctionInvocationContext, Task> next)
    {
        if (!options.Governs(context.Function) || s_decided.Value?.TryTake(context) == true)
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
                    s_decided.Value = new DecidedCall(context);
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

    /// <summary>
    /// A decided call. A function that only wraps another one, as the kernel makes of an <c>AIFunction</c>, hands its arguments on: that is the
    /// same call.
    /// </summary>
    private sealed class DecidedCall(Microsoft.SemanticKernel.FunctionInvocationContext decided)
    {
        private bool _taken;

        public bool TryTake(Microsoft.SemanticKernel.FunctionInvocationContext context) =>
            ReferenceEquals(context.Arguments, decided.Arguments) && !ReferenceEquals(context.Function, decided.Function)
            && ((AIFunction)context.Function).Name == ((AIFunction)decided.Function).Name && !Interlocked.Exchange(ref _taken, true);
    }

    private static ToolDescriptor Describe(KernelFunction function) => new(((AIFunction)function).Name)
    {
        Method = function.UnderlyingMethod,
        Binder = function.JsonSerializerOptions,
    };
}
