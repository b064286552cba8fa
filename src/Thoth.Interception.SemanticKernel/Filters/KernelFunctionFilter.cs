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
            options.Describe?.Invoke(context.Function) is { } described
                ? Complete(context.Function, described)
                : _tools.GetValue(context.Function, static function => Complete(function, described: null)),
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
    /// same call. With other arguments it is another call.
    /// </summary>
    private sealed class DecidedCall(Microsoft.SemanticKernel.FunctionInvocationContext decided)
    {
        private readonly KeyValuePair<string, object?>[] _approved = [.. decided.Arguments];
        private bool _taken;

        public bool TryTake(Microsoft.SemanticKernel.FunctionInvocationContext context) =>
            ReferenceEquals(context.Arguments, decided.Arguments) && !ReferenceEquals(context.Function, decided.Function)
            && ((AIFunction)context.Function).Name == ((AIFunction)decided.Function).Name && IsApproved(context.Arguments)
            && !Interlocked.Exchange(ref _taken, true);

        private bool IsApproved(KernelArguments arguments) =>
            arguments.Count == _approved.Length
            && Array.TrueForAll(_approved, argument => arguments.TryGetValue(argument.Key, out var given) && ReferenceEquals(given, argument.Value));
    }

    /// <summary>Adds the method: that of a governed interface is decided as its tool, or it would be decided again when it is called.</summary>
    private static ToolDescriptor Complete(KernelFunction function, ToolDescriptor? described) => described is { Method: not null } ? described
        : new ToolDescriptor(described?.Name ?? ((AIFunction)function).Name)
        {
            Action = described?.Action ?? ToolAction.Unspecified,
            Sensitive = described?.Sensitive ?? [],
            Method = function.UnderlyingMethod,
            Binder = described?.Binder ?? function.JsonSerializerOptions,
        };
}
