using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Thoth.Interception.AI.Approvals;

namespace Thoth.Interception.AI.Chat;

/// <summary>
/// Stands between the function loop and the model. It refuses requests with tools that are not governed. Once a call of the turn is held,
/// the model is not called again: the loop then ends with the results of the whole batch.
/// </summary>
internal sealed class HeldTurnGate(IChatClient inner, UngovernedTools ungoverned) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var turn = Turn.Current;
        if (turn is { HasHeld: true })
        {
            return turn.EndWithoutModel();
        }

        var response = await base.GetResponseAsync(messages, ungoverned.Check(options), cancellationToken).ConfigureAwait(false);
        turn?.LastResponse = response;
        turn?.ConversationId = response.ConversationId;
        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // The value is read once: what is ambient later is that of another step.
        var turn = Turn.Current;
        if (turn is { HasHeld: true })
        {
            yield break;
        }

        string? conversationId = null;

        await foreach (var update in base.GetStreamingResponseAsync(messages, ungoverned.Check(options), cancellationToken).ConfigureAwait(false))
        {
            conversationId = update.ConversationId ?? conversationId;
            turn?.ConversationId = conversationId;
            yield return update;
        }
    }
}
