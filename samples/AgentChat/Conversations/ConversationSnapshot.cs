using Microsoft.Extensions.AI;

namespace AgentChat.Conversations;

/// <param name="Messages">The messages, with those of the running turn.</param>
/// <param name="State">What the conversation waits for.</param>
/// <param name="Problem">Why the last turn failed, if it did.</param>
/// <param name="Version">Grows with each change.</param>
internal sealed record ConversationSnapshot(IReadOnlyList<ChatMessage> Messages, ConversationState State, string? Problem, long Version);
