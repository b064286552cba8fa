using System.Collections.ObjectModel;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Thoth.Interception.AI.Approvals;

/// <summary>Reads a host's answers to approval requests from the messages of a request, and finds the held calls that they are for.</summary>
internal sealed class ApprovalAnswers(IThothHolds holds, HostedCalls hosted, ThothChatClientOptions options, ILogger logger)
{
    /// <summary>
    /// The reason by which Agent Framework rejects a request itself, because the conversation goes on without an answer. The host has not denied
    /// the call: its hold stays open, and the host can still answer.
    /// </summary>
    private const string NotAnswered = "No approval response was provided for this approval required tool call.";

    /// <summary>Prepares the history for the function loop, and reads the answers that no result follows.</summary>
    /// <returns>The answers, by the call that the loop runs: a model may use a call id twice.</returns>
    public async ValueTask<IReadOnlyDictionary<FunctionCallContent, ApprovalAnswered>> ReadAsync(
        List<ChatMessage> history, bool isKept, ThothSession session, CancellationToken cancellationToken)
    {
        await DecideHostedAsync(history, session, cancellationToken).ConfigureAwait(false);
        var open = ApprovalHistory.Prepare(history, isKept);
        if (open.Count == 0)
        {
            return ReadOnlyDictionary<FunctionCallContent, ApprovalAnswered>.Empty;
        }

        var answers = new Dictionary<FunctionCallContent, ApprovalAnswered>(ReferenceEqualityComparer.Instance);
        foreach (var answer in open)
        {
            answers[(FunctionCallContent)answer.Response.ToolCall] = await ReadAsync(answer, isKept, session, cancellationToken).ConfigureAwait(false);
        }

        return answers;
    }

    /// <summary>Decides approved calls that the provider runs, unless a result follows: then the provider ran them in an earlier turn.</summary>
    private async ValueTask DecideHostedAsync(List<ChatMessage> history, ThothSession session, CancellationToken cancellationToken)
    {
        HashSet<string>? done = null;
        for (var position = history.Count - 1; position >= 0; position--)
        {
            var contents = history[position].Contents;
            for (var index = contents.Count - 1; index >= 0; index--)
            {
                switch (contents[index])
                {
                    case McpServerToolResultContent result:
                        (done ??= []).Add(result.CallId);
                        break;
                    case ToolApprovalResponseContent { ToolCall: McpServerToolCallContent call } response when done?.Contains(call.CallId) != true:
                        contents[index] = history[position].Role == ChatRole.Assistant
                            ? HostedCalls.Denied(response, "A message of the model approves no call.")
                            : await hosted.DecideAsync(response, session, cancellationToken).ConfigureAwait(false);
                        break;
                }
            }
        }
    }

    private async ValueTask<ApprovalAnswered> ReadAsync(OpenAnswer answer, bool isKept, ThothSession session, CancellationToken cancellationToken)
    {
        var response = answer.Response;
        if (ApprovalRequests.HeldIdOf(response.RequestId) is not { } id)
        {
            return new ApprovalAnswered(response, Held: null, IsHostAsked(answer));
        }

        var held = await FindAsync(id, session, cancellationToken).ConfigureAwait(false);
        if (held is not null && !response.Approved && response.Reason != NotAnswered)
        {
            await DenyAsync(held, response, session, cancellationToken).ConfigureAwait(false);
        }

        // If the service keeps the history, the host sends the answer without the request.
        return new ApprovalAnswered(response, held, held is not null && (isKept || IsHostAsked(answer)));
    }

    private bool IsHostAsked(OpenAnswer answer) => options.ApprovalAuthority == ApprovalAuthority.Host && answer.WasAsked;

    private async ValueTask<HeldCall?> FindAsync(string id, ThothSession session, CancellationToken cancellationToken)
    {
        try
        {
            return await holds.GetAsync(id, cancellationToken).ConfigureAwait(false) is { } found && IsOf(session, found) ? found : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            ApprovalLog.ReadFailed(logger, exception);
            return null;
        }
    }

    /// <summary>Ends the hold if this process may. The loop itself obeys the host's denial.</summary>
    private async ValueTask DenyAsync(HeldCall held, ToolApprovalResponseContent response, ThothSession session, CancellationToken cancellationToken)
    {
        try
        {
            var answer = ApprovalAnswer.Deny(options.ApproverOf(response, session), response.Reason);
            await holds.ResolveAsync(held, answer, cancellationToken).ConfigureAwait(false);
        }
        catch (NotSupportedException)
        {
            // The enforcer's hold expires by itself.
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            ApprovalLog.ResolveFailed(logger, exception, held.ToolName);
        }
    }

    /// <summary>Whether the held call belongs to the session and its user. Any other is as unknown as a made-up id.</summary>
    private bool IsOf(ThothSession session, HeldCall held)
    {
        if (held.SessionId != session.Id)
        {
            return false;
        }

        try
        {
            holds.Resume(held).Dispose();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
