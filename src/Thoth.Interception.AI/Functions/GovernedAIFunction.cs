using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Functions;

/// <summary>
/// A function that decides each of its calls itself, for clients without <c>UseThoth</c>. A refusal is its result. In a client with
/// <c>UseThoth</c> the client decides, and this function only runs.
/// </summary>
internal sealed class GovernedAIFunction(AIFunction function, IToolGovernor governor, ToolDescriptor? described) : DelegatingAIFunction(function)
{
    private static readonly AsyncLocal<GovernedAIFunction?> s_decided = new();

    /// <summary>Lets the next call of a governed function in this flow run: the chat client has decided it.</summary>
    public static void MarkDecided(AIFunction function) => s_decided.Value = function.GetService<GovernedAIFunction>();

    public ToolDescriptor? Described { get; } = described;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        if (s_decided.Value == this)
        {
            // Once: what the function calls, itself included, is decided.
            s_decided.Value = null;
            return await InnerFunction.InvokeAsync(arguments, cancellationToken).ConfigureAwait(false);
        }

        var plan = FunctionPlan.Of(InnerFunction, Described);
        var callId = FunctionInvokingChatClient.CurrentContext?.CallContent.CallId;
        using var decision = await governor.DecideAsync(plan.Tool, plan.Complete(arguments), new ToolCallOptions { CallId = callId }, cancellationToken)
            .ConfigureAwait(false);
        return decision.MayRun
            ? await decision.RunAsync(
                (approved, token) => InnerFunction.InvokeAsync(FunctionPlan.ToRun(arguments, approved), token).AsTask(), cancellationToken).ConfigureAwait(false)
            : decision.ModelText;
    }
}
