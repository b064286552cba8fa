using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Approvals;

/// <summary>Reads a host's answers to approval requests from the messages of a request, and finds the held calls that they are for.</summary>
internal sealed class ApprovalAnswers(IThothHolds holds, HostedCalls hosted, ThothChatClientOptions options)
{
    public async ValueTask<IReadOnlyDictionary<string, ApprovalAnswered>> ReadAsync(
        List<ChatMessage> history, ThothSession session, CancellationToken cancellationToken)
    {
        Dictionary<string, ApprovalAnswered>? answers = null;
        foreach (var (message, index) in Responses(history))
        {
            var response = (ToolApprovalResponseContent)message.Contents[index];
            if (response.ToolCall is McpServerToolCallContent)
            {
                message.Contents[index] = await hosted.DecideAsync(response, session, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                // The newest answer to a call comes first, and counts.
                var answered = await ReadAsync(response, session, cancellationToken).ConfigureAwait(false);
                (answers ??= []).TryAdd(response.ToolCall.CallId, answered);
            }
        }

        return answers ?? (IReadOnlyDictionary<string, ApprovalAnswered>)System.Collections.ObjectModel.ReadOnlyDictionary<string, ApprovalAnswered>.Empty;
    }

    /// <summary>
    /// Finds the answers that no result follows, newest first: the others were used in an earlier turn. A message of the model answers
    /// nothing.
    /// </summary>
    private static List<(ChatMessage Message, int Index)> Responses(List<ChatMessage> history)
    {
        List<(ChatMessage, int)> found = [];
        HashSet<string>? done = null;
        for (var position = history.Count - 1; position >= 0; position--)
        {
            var message = history[position];
            for (var index = message.Contents.Count - 1; index >= 0; index--)
            {
                switch (message.Contents[index])
                {
                    case FunctionResultContent result:
                        (done ??= []).Add(result.CallId);
                        break;
                    case McpServerToolResultContent result:
                        (done ??= []).Add(result.CallId);
                        break;
                    case ToolApprovalResponseContent response when message.Role != ChatRole.Assistant && done?.Contains(response.ToolCall.CallId) != true:
                        found.Add((message, index));
                        break;
                }
            }
        }

        return found;
    }

    private async ValueTask<ApprovalAnswered> ReadAsync(ToolApprovalResponseContent response, ThothSession session, CancellationToken cancellationToken)
    {
        var held = ApprovalRequests.HeldIdOf(response.RequestId) is { } id && await holds.GetAsync(id, cancellationToken).ConfigureAwait(false) is { } found
            && IsOf(session, found)
            ? found
            : null;
        if (held is not null && !response.Approved)
        {
            await DenyAsync(held, response, session, cancellationToken).ConfigureAwait(false);
        }

        return new ApprovalAnswered(response, held);
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
