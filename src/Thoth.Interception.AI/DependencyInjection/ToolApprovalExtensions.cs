using Microsoft.Extensions.AI;
using Thoth.Interception;
using Thoth.Interception.AI.Approvals;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Connects approval requests with held calls.</summary>
public static class ToolApprovalExtensions
{
    /// <summary>
    /// Gets the id of the held call that an approval request is for, for <see cref="IThothHolds.GetAsync"/>: a host can show when it expires,
    /// and peek at it before it answers. The id grants nothing.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <returns>The id; <see langword="null"/> if the request is not of <c>UseThoth</c>, such as one of an <see cref="ApprovalRequiredAIFunction"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is <see langword="null"/>.</exception>
    /// <example>
    /// <code>
    /// if (request.GetHeldCallId() is { } id &amp;&amp; await holds.GetAsync(id) is { } held &amp;&amp; await holds.PeekAsync(held) != HeldCallState.Pending)
    /// {
    ///     history.Add(new(ChatRole.User, [request.CreateResponse(approved: true)]));   // the enforcer has decided: go on
    /// }
    /// </code>
    /// </example>
    public static string? GetHeldCallId(this ToolApprovalRequestContent request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ApprovalRequests.HeldIdOf(request.RequestId);
    }
}
