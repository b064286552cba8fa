using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Approvals;

/// <summary>A host's answer to an approval request, of this package or of the framework.</summary>
/// <param name="Response">The answer.</param>
/// <param name="Held">The held call that the request was for; <see langword="null"/> for a request of the framework, and if the call is unknown.</param>
internal sealed record ApprovalAnswered(ToolApprovalResponseContent Response, HeldCall? Held);
