using Microsoft.Extensions.AI;

namespace AgentChat.Conversations;

/// <summary>One line of a transcript: a text, or a call.</summary>
internal abstract record Entry
{
    /// <param name="ByPerson">Whether the person wrote it; otherwise the model did.</param>
    /// <param name="Content">The text.</param>
    public sealed record Text(bool ByPerson, string Content) : Entry;

    /// <param name="Content">The call as the model made it.</param>
    public sealed record Call(FunctionCallContent Content) : Entry
    {
        /// <summary>Gets what the model read as its result; <see langword="null"/> while there is none.</summary>
        public string? Read { get; init; }

        /// <summary>Gets the approval request that has no answer yet.</summary>
        public ToolApprovalRequestContent? Open { get; init; }

        /// <summary>Gets the decision; <see langword="null"/> if the call never came to one, because the tool does not exist.</summary>
        public DecidedCall? Decided { get; init; }
    }
}
