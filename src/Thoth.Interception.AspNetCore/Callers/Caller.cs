using Thoth.Interception.AspNetCore.Problems;

namespace Thoth.Interception.AspNetCore.Callers;

/// <summary>Represents on whose behalf a request is made, and in which conversation.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="IsAuthenticated">Whether the user is authenticated.</param>
/// <param name="SessionId">The id of the conversation's session; <see langword="null"/> if the request names no conversation.</param>
internal sealed record Caller(string UserId, bool IsAuthenticated, string? SessionId)
{
    /// <summary>
    /// Whether a held call is this caller's. A request that names a conversation reaches the calls of that conversation alone. Callers
    /// that are not authenticated are all one user, so none of them owns a call.
    /// </summary>
    public bool Owns(HeldCall held, string tenantId) =>
        IsAuthenticated && held.UserId == UserId && held.TenantId == tenantId && (SessionId is null || held.SessionId == SessionId);
}

/// <summary>Marks a request that <c>UseThoth</c> has seen.</summary>
/// <param name="Caller">The caller; <see langword="null"/> if the request goes on outside of every session.</param>
/// <param name="Problem">Why there is none.</param>
internal sealed record RequestCaller(Caller? Caller, Problem? Problem);
