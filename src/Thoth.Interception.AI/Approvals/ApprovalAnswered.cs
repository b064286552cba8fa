using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Approvals;

/// <summary>A host's answer to an approval request, of this package or of the framework.</summary>
/// <param name="Response">The answer.</param>
/// <param name="Held">The held call that the request was for; <see langword="null"/> for a request of the framework, and if the call is unknown.</param>
internal sealed record ApprovalAnswered(ToolApprovalResponseContent Response, HeldCall? Held)
{
    /// <summary>
    /// Tells whether the answer can approve a held call. An answer to a request of this package is for the call of that request only: if
    /// that is unknown, made up or another session's, it is for none. A request of the framework came before the call was held.
    /// </summary>
    public bool IsFor(HeldCall held) => Held is null ? ApprovalRequests.HeldIdOf(Response.RequestId) is null : Held.Id == held.Id;
}
