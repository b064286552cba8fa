using Microsoft.Extensions.AI;

namespace AgentChat.Conversations;

/// <summary>
/// One conversation of a user, in memory: its messages in the form in which the chat client takes them, and its state. Thread-safe.
/// </summary>
internal sealed class Conversation(string id, Person person)
{
    private readonly Lock _lock = new();
    private readonly List<ChatMessage> _messages = [];
    private IReadOnlyList<ChatMessage> _running = [];
    private ConversationState _state;
    private string? _problem;
    private long _version;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets the id, which is the id of the Thoth session too. The server makes it, so that no client can name another's.</summary>
    public string Id { get; } = id;

    public Person Person { get; } = person;

    public ConversationSnapshot Read()
    {
        lock (_lock)
        {
            return new ConversationSnapshot([.. _messages, .. _running], _state, _problem, _version);
        }
    }

    /// <summary>Gets the approval requests that have no answer.</summary>
    public IReadOnlyList<ToolApprovalRequestContent> OpenRequests()
    {
        lock (_lock)
        {
            return OpenRequestsOf(_messages);
        }
    }

    /// <summary>Begins a turn with a text of the person.</summary>
    /// <returns>Whether the person may write now.</returns>
    public bool TrySay(string text)
    {
        lock (_lock)
        {
            if (_state != ConversationState.Idle)
            {
                return false;
            }

            _messages.Add(new ChatMessage(ChatRole.User, text));
            Change(ConversationState.Working);
            return true;
        }
    }

    /// <summary>Adds answers to open approval requests, and begins a turn if none is left open.</summary>
    /// <returns>Whether a turn begins.</returns>
    public bool TryAnswer(Func<ToolApprovalRequestContent, ToolApprovalResponseContent?> answer)
    {
        lock (_lock)
        {
            if (_state != ConversationState.Waiting)
            {
                return false;
            }

            var open = OpenRequestsOf(_messages);
            List<AIContent> answers = [.. open.Select(answer).OfType<ToolApprovalResponseContent>()];
            if (answers.Count > 0)
            {
                _messages.Add(new ChatMessage(ChatRole.User, answers));
            }

            var begins = answers.Count == open.Count;
            Change(begins ? ConversationState.Working : ConversationState.Waiting);
            return begins;
        }
    }

    /// <summary>Shows what the running turn has brought so far.</summary>
    public void Show(IEnumerable<ChatMessage> running)
    {
        lock (_lock)
        {
            _running = [.. running];
            Change(_state);
        }
    }

    /// <summary>Ends the turn. The messages that it brought stay, also if it failed in the middle and they are complete.</summary>
    public void End(IEnumerable<ChatMessage> messages, string? problem)
    {
        lock (_lock)
        {
            _running = [];
            _messages.AddRange(messages);
            _problem = problem;
            Change(OpenRequestsOf(_messages).Count > 0 ? ConversationState.Waiting : ConversationState.Idle);
        }
    }

    /// <summary>Tells the open pages to look again.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            Change(_state);
        }
    }

    /// <summary>Waits until the conversation is at another version than the given one.</summary>
    public async Task<long> WaitForChangeAsync(long version, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_version != version)
                {
                    return _version;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private static List<ToolApprovalRequestContent> OpenRequestsOf(IEnumerable<ChatMessage> messages)
    {
        var contents = messages.SelectMany(static message => message.Contents).ToList();
        var answered = contents.OfType<ToolApprovalResponseContent>().Select(static answer => answer.RequestId).ToHashSet(StringComparer.Ordinal);
        return [.. contents.OfType<ToolApprovalRequestContent>().Where(request => !answered.Contains(request.RequestId))];
    }

    private void Change(ConversationState state)
    {
        if (state == ConversationState.Working && _state != ConversationState.Working)
        {
            _problem = null;
        }

        _state = state;
        _version++;
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
