using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Thoth.Interception.AspNetCore.Problems;

namespace Thoth.Interception.AspNetCore.Callers;

/// <summary>Reads user and conversation of a request.</summary>
internal sealed class CallerReader(IOptions<ThothOptions> thoth, IOptions<ThothAspNetCoreOptions> options, SessionIds sessionIds)
{
    private readonly ThothAspNetCoreOptions _options = options.Value;
    private readonly IList<string> _claims =
        options.Value.UserIdClaims.Count > 0 ? options.Value.UserIdClaims : [ClaimTypes.NameIdentifier, "sub"];

    /// <param name="context">The request; <see langword="null"/> if there is none, which names no conversation.</param>
    /// <param name="user">The user.</param>
    /// <returns>The caller, or the problem that the request is refused with.</returns>
    public (Caller? Caller, Problem? Problem) Read(HttpContext? context, ClaimsPrincipal? user)
    {
        if (user is null || !user.Identities.Any(static identity => identity.IsAuthenticated))
        {
            return _options.UnauthenticatedRequests == UnauthenticatedRequests.OwnSession
                ? (new Caller(_options.AnonymousUserId, IsAuthenticated: false, SessionId: null), null)
                : (null, Problem.Unauthenticated);
        }

        var userId = UserIdOf(user);
        if (userId is null || !OutsideValue.IsId(userId) || userId == _options.AnonymousUserId || userId == thoth.Value.UserId)
        {
            return (null, Problem.UserUnknown);
        }

        string? conversation = null;
        return context is null || TryReadConversation(context, out conversation)
            ? (new Caller(userId, IsAuthenticated: true, conversation is null ? null : sessionIds.Of(userId, conversation)), null)
            : (null, Problem.ConversationMalformed);
    }

    /// <summary>Reads the client's id of the operation. Returns <see langword="false"/> if it cannot be used.</summary>
    public bool TryReadOperation(HttpContext context, out string? operation)
    {
        operation = null;
        if (_options.OperationHeader is not { } header || !context.Request.Headers.TryGetValue(header, out var values))
        {
            return true;
        }

        operation = values.Count == 1 ? values[0] : null;
        return operation is not null && OutsideValue.IsId(operation);
    }

    /// <summary>Finds the user's id among the claims of authenticated identities. A principal may have others.</summary>
    private string? UserIdOf(ClaimsPrincipal user)
    {
        foreach (var claim in _claims)
        {
            foreach (var identity in user.Identities)
            {
                if (identity.IsAuthenticated && identity.FindFirst(claim) is { } found)
                {
                    return found.Value;
                }
            }
        }

        return null;
    }

    private bool TryReadConversation(HttpContext context, out string? conversation)
    {
        conversation = _options.Conversation?.Invoke(context)
            ?? (_options.ConversationRouteValue is { } route ? context.GetRouteValue(route)?.ToString() : null);
        if (conversation is null && _options.ConversationHeader is { } header && context.Request.Headers.TryGetValue(header, out var values))
        {
            // A proxy may join several headers with a comma, and then machines would disagree about which one counts.
            conversation = values.Count == 1 ? values[0] : null;
            if (conversation is null || conversation.Contains(','))
            {
                return false;
            }
        }

        conversation ??= _options.ConversationCookie is { } cookie ? context.Request.Cookies[cookie] : null;
        return conversation is null || OutsideValue.IsId(conversation);
    }
}
