using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Approvals;

/// <summary>A host's answer to an approval request, of this package or of the framework.</summary>
/// <param name="Response">The answer.</param>
/// <param name="Held">The held call that the request was for; <see langword="null"/> for a request of the framework, and if the call is unknown.</param>
/// <param name="WasAsked">
/// Whether the host was asked for this call, as far as the history tells. The framework of agents answers requests itself that it took away
/// from the host; they are not in the history.
/// </param>
internal sealed record ApprovalAnswered(ToolApprovalResponseContent Response, HeldCall? Held, bool WasAsked)
{
    /// <summary>Whether a host that is the authority has approved a held call by this answer.</summary>
    public bool Approves(HeldCall held) => Response.Approved && WasAsked && (Held is null || Held.Id == held.Id);
}
