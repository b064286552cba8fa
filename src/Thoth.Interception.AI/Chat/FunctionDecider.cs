using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Thoth.Interception.AI.Approvals;
using Thoth.Interception.AI.Functions;

namespace Thoth.Interception.AI.Chat;

/// <summary>Decides calls of functions. A host's approval counts only if the options say so; a call that is made again continues its hold.</summary>
internal sealed class FunctionDecider(IToolGovernor governor, IThothHolds holds, ThothChatClientOptions options, ILogger logger)
{
    public async ValueTask<ToolCallDecision> DecideAsync(Turn turn, FunctionInvocationContext context, CancellationToken cancellationToken)
    {
        var function = context.Function;
        var callId = context.CallContent.CallId;
        var plan = FunctionPlan.Of(function, options.Describe?.Invoke(function) ?? function.GetService<GovernedAIFunction>()?.Described);
        var complete = plan.Complete(context.Arguments);
        var answer = turn.AnswerOf(context.CallContent);
        var decision = await DecideAsync(turn, plan.Tool, complete, callId, answer?.Held, cancellationToken).ConfigureAwait(false);
        if (options.ApprovalAuthority != ApprovalAuthority.Host || answer is null || decision.Held is not { } held || !answer.Approves(held)
            || (answer.Held is null && function.GetService<ApprovalRequiredAIFunction>() is null))
        {
            return decision;
        }

        try
        {
            await holds.ResolveAsync(held, ApprovalAnswer.Approve(options.ApproverOf(answer.Response, turn.Session)), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            ApprovalLog.ResolveFailed(logger, exception, held.ToolName);
            return decision;
        }

        decision.Dispose();
        return await DecideAsync(turn, plan.Tool, complete, callId, held, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<ToolCallDecision> DecideAsync(
        Turn turn, ToolDescriptor tool, IReadOnlyDictionary<string, object?> arguments, string callId, HeldCall? held,
        CancellationToken cancellationToken) =>
        governor.DecideAsync(
            tool, arguments,
            new ToolCallOptions
            {
                CallId = callId,
                Session = turn.Session,
                Held = held,
                WaitForApproval = options.WhenHeld == HeldFunctionMode.Wait,
            },
            cancellationToken);
}
