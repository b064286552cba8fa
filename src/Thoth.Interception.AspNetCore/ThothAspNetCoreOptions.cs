using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Thoth.Interception.AspNetCore;

/// <summary>
/// Configures whose session a web request enters. The options are read from the section <see cref="SectionName"/> of the host's
/// configuration, then from delegates, and validated when the host starts.
/// </summary>
public sealed class ThothAspNetCoreOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string SectionName = "Thoth:AspNetCore";

    /// <summary>The request header with the id of a held call, for a request that is repeated once the call is approved.</summary>
    public const string HeldHeader = "Thoth-Held";

    /// <summary>
    /// Gets or sets the claim types of the user's id. The first that an authenticated identity has counts. Default, if empty:
    /// <see cref="ClaimTypes.NameIdentifier"/>, then <c>sub</c>.
    /// </summary>
    /// <remarks>If several issuers sign users in, choose a claim that is unique over all of them.</remarks>
    public IList<string> UserIdClaims { get; set; } = [];

    /// <summary>
    /// Gets or sets the request header that names the conversation. Default <c>Thoth-Conversation</c>; <see langword="null"/> for none.
    /// </summary>
    public string? ConversationHeader { get; set; } = "Thoth-Conversation";

    /// <summary>
    /// Gets or sets the route value that names the conversation, such as <c>chatId</c> of <c>/chats/{chatId}</c>. It overrides header and
    /// cookie. Default <see langword="null"/>.
    /// </summary>
    public string? ConversationRouteValue { get; set; }

    /// <summary>Gets or sets the cookie that names the conversation if the header does not. Default <see langword="null"/>.</summary>
    public string? ConversationCookie { get; set; }

    /// <summary>
    /// Gets or sets a function that names the conversation of a request. It overrides route value, header and cookie unless it returns
    /// <see langword="null"/>. Default <see langword="null"/>.
    /// </summary>
    public Func<HttpContext, string?>? Conversation { get; set; }

    /// <summary>
    /// Gets or sets the request header with the client's id of an operation. If a request of a conversation is sent again with the same id,
    /// its calls have the same idempotency keys (<see cref="RunningToolCall.IdempotencyKey"/>). Default <c>Idempotency-Key</c>;
    /// <see langword="null"/> for none.
    /// </summary>
    public string? OperationHeader { get; set; } = "Idempotency-Key";

    /// <summary>
    /// Gets or sets what becomes of requests without an authenticated user. Default: <see cref="UnauthenticatedRequests.Refuse"/>.
    /// </summary>
    public UnauthenticatedRequests UnauthenticatedRequests { get; set; }

    /// <summary>
    /// Gets or sets the user id of unauthenticated requests that have a session of their own. An authenticated user with this id is refused.
    /// Default <c>anonymous</c>.
    /// </summary>
    public string AnonymousUserId { get; set; } = "anonymous";

    /// <summary>
    /// Gets or sets the secret that session ids are derived with from user and conversation: 32 characters or more, the same on each
    /// machine. Default: it is derived from <see cref="ThothOptions.ApiKey"/>, or without one from the tenant.
    /// </summary>
    /// <remarks>
    /// The id is an HMAC-SHA256, so the conversation's name does not leave the process. With a key from the tenant, others who know user
    /// and conversation can compute it; it grants them nothing. Another key means other ids: sessions start anew, and calls that are held
    /// in a conversation cannot be resumed. So set this key if the API key is rotated.
    /// </remarks>
    public string? SessionIdKey { get; set; }
}
