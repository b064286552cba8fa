namespace Thoth.Interception.AspNetCore;

/// <summary>Specifies what becomes of requests without an authenticated user.</summary>
public enum UnauthenticatedRequests
{
    /// <summary>
    /// The request is refused with status 401. One to an endpoint that allows anonymous access, or to none, goes on outside of every
    /// session: a governed call in it is refused.
    /// </summary>
    Refuse = 0,

    /// <summary>
    /// The request has a session of its own, with the user <see cref="ThothAspNetCoreOptions.AnonymousUserId"/>. It cannot name a
    /// conversation, since anybody could name it, so a call that is held in it cannot be resumed.
    /// </summary>
    OwnSession,
}
