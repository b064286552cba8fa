using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Approvals;

/// <summary>A host's answer to an approval request of a function, which no result follows.</summary>
/// <param name="given">The answer in the host's history.</param>
internal sealed class OpenAnswer(ToolApprovalResponseContent given)
{
    public ToolApprovalResponseContent Given { get; } = given;

    /// <summary>Gets or sets the answer in the prompt, whose call the loop runs.</summary>
    public ToolApprovalResponseContent Response { get; set; } = given;

    /// <summary>Gets or sets the request, if the history has it.</summary>
    public ToolApprovalRequestContent? Request { get; set; }

    /// <summary>Gets whether the history has the request, and the answer is for that call and no other.</summary>
    public bool WasAsked =>
        Request?.ToolCall is FunctionCallContent asked && Given.ToolCall is FunctionCallContent answered
        && asked.CallId == answered.CallId && asked.Name == answered.Name && JsonText.AreEqual(asked.Arguments, answered.Arguments);
}
