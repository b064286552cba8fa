using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Functions;

/// <summary>
/// A function that decides each of its calls itself, for clients without <c>UseThoth</c>. A refusal is its result. In a client with
/// <c>UseThoth</c> the client decides, and this function only runs.
/// </summary>
internal sealed class GovernedAIFunction(AIFunction function, IToolGovernor governor, ToolDescriptor? described) : DelegatingAIFunction(function)
{
    private static readonly AsyncLocal<Mark?> s_decided = new();

    /// <summary>Lets one call of a governed function in this flow run: the chat client has decided it.</summary>
    public static void MarkDecided(AIFunction function) =>
        s_decided.Value = function.GetService<GovernedAIFunction>() is { } governed ? new Mark(governed) : null;

    public ToolDescriptor? Described { get; } = described;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        if (s_decided.Value?.TryTake(this) == true)
        {
            return await InnerFunction.InvokeAsync(arguments, cancellationToken).ConfigureAwait(false);
        }

        var plan = FunctionPlan.Of(InnerFunction, Described);
        var callId = FunctionInvokingChatClient.CurrentContext?.CallContent.CallId;
        using var decision = await governor.DecideAsync(plan.Tool, plan.Complete(arguments), new ToolCallOptions { CallId = callId }, cancellationToken)
            .ConfigureAwait(false);
        return decision.MayRun
            ? await DecidedRun.RunAsync(
                decision, (approved, token) => InnerFunction.InvokeAsync(FunctionPlan.ToRun(arguments, approved), token).AsTask(), cancellationToken).ConfigureAwait(false)
            : decision.ModelText;
    }

    /// <summary>One decided call. Each flow that comes from its own sees whether it was taken: a second call is decided, in whatever flow.</summary>
    private sealed class Mark(GovernedAIFunction function)
    {
        private bool _taken;

        public bool TryTake(GovernedAIFunction called) => called == function && !Interlocked.Exchange(ref _taken, true);
    }
}
