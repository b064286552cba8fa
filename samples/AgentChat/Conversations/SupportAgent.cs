using Microsoft.Extensions.AI;
using Thoth.Interception;
using Thoth.Interception.AI;

namespace AgentChat.Conversations;

/// <summary>
/// Runs the turns of conversations in the background. The chat client decides each call; a held one ends the turn, and its answer begins
/// the next one.
/// </summary>
internal sealed class SupportAgent(
    IChatClient client, AgentTools tools, ApprovalAuthority authority, IThothSessions sessions, IThothHolds holds, IEventPipeline events,
    TimeProvider time, IHostApplicationLifetime lifetime, ILogger<SupportAgent> logger)
{
    private const string Instructions =
        "You are the support agent of Acme. Use your tools. If a tool did not run, tell the person why and do not try to get around it.";

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <summary>Gets whether the person in the conversation approves held calls; otherwise the enforcer's page does.</summary>
    public bool HostApproves => authority == ApprovalAuthority.Host;

    /// <summary>Takes a text of the person, and answers it in the background.</summary>
    /// <returns>The turn; <see langword="null"/> if the conversation waits for something else.</returns>
    public Task? Say(Conversation conversation, string text) => conversation.TrySay(text) ? RunAsync(conversation) : null;

    /// <summary>Takes the person's answer to an approval request. Only if the host approves can it be yes; no is always obeyed.</summary>
    /// <returns>The turn; <see langword="null"/> if the request is unknown, or answered, or others are open.</returns>
    public Task? Answer(Conversation conversation, string requestId, bool approve, string? reason = null) =>
        (HostApproves || !approve)
        && conversation.TryAnswer(request => request.RequestId == requestId ? request.CreateResponse(approve, reason) : null)
            ? RunAsync(conversation)
            : null;

    private async Task RunAsync(Conversation conversation)
    {
        // The caller is a request to the page, which does not wait.
        await Task.Yield();
        do
        {
            await RunTurnAsync(conversation);
        }
        while (!HostApproves && await IsDecidedElsewhereAsync(conversation));
    }

    private async Task RunTurnAsync(Conversation conversation)
    {
        List<ChatResponseUpdate> updates = [];
        string? problem = null;
        var stopping = lifetime.ApplicationStopping;
        try
        {
            var options = new ChatOptions { Instructions = Instructions, Tools = [.. tools.All] };

            // The session gives policies the conversation's history and its user.
            using (sessions.GetOrStart(conversation.Id, new() { UserId = conversation.Person.Id }).Enter())
            {
                await foreach (var update in client.GetStreamingResponseAsync(conversation.Read().Messages, options, stopping))
                {
                    updates.Add(update);
                    conversation.Show(updates.ToChatResponse().Messages);
                }
            }
        }
        catch (Exception e)
        {
            logger.LogError(e, "A turn failed.");
            problem = $"The turn failed: {e.Message}";
        }

        // The transcript shows the decisions, which are delivered in the background.
        await events.FlushAsync(CancellationToken.None);
        var messages = updates.ToChatResponse().Messages;
        conversation.End(problem is null ? messages : WithResults(messages), problem);
    }

    /// <summary>Leaves out calls that a failed turn left without a result: models refuse a history with such calls.</summary>
    private static IEnumerable<ChatMessage> WithResults(IEnumerable<ChatMessage> messages)
    {
        var done = messages.SelectMany(static message => message.Contents).OfType<FunctionResultContent>().Select(static result => result.CallId).ToHashSet();
        return messages
            .Select(message => new ChatMessage(message.Role, [.. message.Contents.Where(content => content is not FunctionCallContent call || done.Contains(call.CallId))]))
            .Where(static message => message.Contents.Count > 0);
    }

    /// <summary>Waits until the enforcer has decided about all held calls of the conversation, or the person withdraws them.</summary>
    /// <returns>Whether a turn begins.</returns>
    private async Task<bool> IsDecidedElsewhereAsync(Conversation conversation)
    {
        using var timer = new PeriodicTimer(s_pause, time);
        try
        {
            while (conversation.Read().State == ConversationState.Waiting)
            {
                if (!await IsAnyPendingAsync(conversation))
                {
                    // It means "ask the enforcer again": its decision counts, also if it is a denial.
                    return conversation.TryAnswer(static request => request.CreateResponse(approved: true));
                }

                await timer.WaitForNextTickAsync(lifetime.ApplicationStopping);
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }

        return false;
    }

    private async Task<bool> IsAnyPendingAsync(Conversation conversation)
    {
        var session = sessions.GetOrStart(conversation.Id, new() { UserId = conversation.Person.Id });
        foreach (var held in await holds.ListAsync(session, lifetime.ApplicationStopping))
        {
            if (await holds.PeekAsync(held, lifetime.ApplicationStopping) == HeldCallState.Pending)
            {
                return true;
            }
        }

        return false;
    }
}
