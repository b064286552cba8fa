using Microsoft.Extensions.AI;
using Thoth.Interception.AI.Approvals;
using Thoth.Interception.AI.Functions;

namespace Thoth.Interception.AI.Chat;

/// <summary>Decides calls of functions. A host's approval counts only if the options say so; a call that is made again continues its hold.</summary>
internal sealed class FunctionDecider(IToolGovernor governor, IThothHolds holds, ThothChatClientOptions options)
{
    public async ValueTask<ToolCallDecision> DecideAsync(
        Turn turn, AIFunction function, AIFunctionArguments arguments, string callId, CancellationToken cancellationToken)
    {
        var plan = FunctionPlan.Of(function, options.Describe?.Invoke(function) ?? function.GetService<GovernedAIFunction>()?.Described);
        var complete = plan.Complete(arguments);
        var answer = turn.AnswerOf(callId);
        var decision = await DecideAsync(turn, plan.Tool, complete, callId, answer?.Held, cancellationToken).ConfigureAwait(false);
        if (options.ApprovalAuthority != ApprovalAuthority.Host || answer is not { Response.Approved: true }
            || decision.Held is not { } held || !answer.IsFor(held))
        {
            return decision;
        }

        decision.Dispose();
        await holds.ResolveAsync(held, ApprovalAnswer.Approve(options.ApproverOf(answer.Response, turn.Session)), cancellationToken).ConfigureAwait(false);
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
