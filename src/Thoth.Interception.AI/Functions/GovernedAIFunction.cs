using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Functions;

/// <summary>
/// A function that decides each of its calls itself, for clients without <c>UseThoth</c>. A refusal is its result. In a client with
/// <c>UseThoth</c> the client decides, and this function only runs.
/// </summary>
internal sealed class GovernedAIFunction(AIFunction function, IToolGovernor governor, ToolDescriptor? described) : DelegatingAIFunction(function)
{
    private static readonly AsyncLocal<Mark?> s_decided = new();

    /// <summary>Lets one call of a governed function in this flow run, with these arguments: the chat client has decided it.</summary>
    /// <param name="function">The function that was decided, which is a governed one or wraps it.</param>
    /// <param name="arguments">The approved arguments.</param>
    public static void MarkDecided(AIFunction function, AIFunctionArguments arguments) =>
        s_decided.Value = function.GetService<GovernedAIFunction>() is { } governed && governed.Name == function.Name ? new Mark(governed, [.. arguments]) : null;

    public ToolDescriptor? Described { get; } = described;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        if (s_decided.Value?.TryTake(this, arguments) == true)
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

    /// <summary>
    /// One decided call. Each flow that comes from its own sees whether it was taken. A second call is decided, in whatever flow, and so is
    /// one with other arguments, as a wrapper may make it.
    /// </summary>
    private sealed class Mark(GovernedAIFunction function, KeyValuePair<string, object?>[] approved)
    {
        private bool _taken;

        public bool TryTake(GovernedAIFunction called, AIFunctionArguments arguments) =>
            called == function && IsApproved(arguments) && !Interlocked.Exchange(ref _taken, true);

        private bool IsApproved(AIFunctionArguments arguments)
        {
            if (arguments.Count != approved.Length)
            {
                return false;
            }

            foreach (var (name, value) in approved)
            {
                if (!arguments.TryGetValue(name, out var given) || !ReferenceEquals(given, value))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
