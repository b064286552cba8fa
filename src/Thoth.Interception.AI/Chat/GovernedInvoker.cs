using System.Collections.ObjectModel;
using Microsoft.Extensions.AI;
using Thoth.Interception.AI.Approvals;
using Thoth.Interception.AI.Functions;

namespace Thoth.Interception.AI.Chat;

/// <summary>Decides the calls of a function loop that somebody else made. It can tell the model of a held call, and cannot surface it.</summary>
/// <param name="decider">Decides.</param>
/// <param name="sessions">Gives the session of each call.</param>
/// <param name="inner">The invoker that the loop had before; <see langword="null"/> to invoke the function itself.</param>
internal sealed class GovernedInvoker(
    FunctionDecider decider, IThothSessions sessions, Func<FunctionInvocationContext, CancellationToken, ValueTask<object?>>? inner)
{
    public async ValueTask<object?> InvokeAsync(FunctionInvocationContext context, CancellationToken cancellationToken)
    {
        var turn = new Turn(sessions.Current, canAsk: false, ReadOnlyDictionary<FunctionCallContent, ApprovalAnswered>.Empty);
        using var decision = await decider.DecideAsync(turn, context, cancellationToken).ConfigureAwait(false);
        return decision.MayRun
            ? await DecidedRun.RunAsync(decision, (approved, token) => RunAsync(context, approved, token), cancellationToken).ConfigureAwait(false)
            : decision.ModelText;
    }

    private async Task<object?> RunAsync(FunctionInvocationContext context, IReadOnlyDictionary<string, object?> approved, CancellationToken cancellationToken)
    {
        context.Arguments = FunctionPlan.ToRun(context.Arguments, approved);
        GovernedAIFunction.MarkDecided(context.Function, context.Arguments);
        return await (inner is null ? context.Function.InvokeAsync(context.Arguments, cancellationToken) : inner(context, cancellationToken)).ConfigureAwait(false);
    }
}
