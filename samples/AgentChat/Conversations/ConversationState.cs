namespace AgentChat.Conversations;

internal enum ConversationState
{
    /// <summary>The person may write.</summary>
    Idle = 0,

    /// <summary>The model or a tool works.</summary>
    Working,

    /// <summary>A call waits for an approval.</summary>
    Waiting,
}
