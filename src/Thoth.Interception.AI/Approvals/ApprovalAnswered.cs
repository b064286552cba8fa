using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Approvals;

/// <summary>A host's answer to an approval request, of this package or of the framework.</summary>
/// <param name="Response">The answer.</param>
/// <param name="Held">The held call that the request was for; <see langword="null"/> for a request of the framework, and if the call is unknown.</param>
/// <param name="IsOfFramework">Whether the framework made the request, before the call was decided, and the answer is for the call that it showed.</param>
internal sealed record ApprovalAnswered(ToolApprovalResponseContent Response, HeldCall? Held, bool IsOfFramework)
{
    /// <summary>Whether a host that is the authority has approved a held call by this answer.</summary>
    public bool Approves(HeldCall held) => Response.Approved && (Held is null ? IsOfFramework : Held.Id == held.Id);
}
