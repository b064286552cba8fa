namespace Thoth.Interception;

/// <summary>Represents one version of a held call in an <see cref="IHeldCallStore"/>. It contains no argument; <see cref="Data"/> contains the hold token.</summary>
/// <remarks>For packages that bring a store of their own.</remarks>
public sealed record HeldCallEntry
{
    /// <summary>Gets the id of the held call.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the number of changes since the call was held, 0 at first.</summary>
    public int Version { get; init; }

    /// <summary>Gets the state that is known.</summary>
    public HeldCallState State { get; init; }

    /// <summary>Gets the tool's name.</summary>
    public required string ToolName { get; init; }

    /// <summary>Gets why the call needs an approval.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets the tenant of the call.</summary>
    public required string TenantId { get; init; }

    /// <summary>Gets the user of the call.</summary>
    public required string UserId { get; init; }

    /// <summary>Gets the session of the call.</summary>
    public required string SessionId { get; init; }

    /// <summary>Gets the <see cref="EnforcementRequest.ActionAttestationId"/>, which stays the same when the call is resumed.</summary>
    public required string ActionAttestationId { get; init; }

    /// <summary>Gets the SHA-256 hash of the arguments.</summary>
    public required ReadOnlyMemory<byte> ArgumentsHash { get; init; }

    /// <summary>Gets when the call was held, in UTC.</summary>
    public required DateTimeOffset HeldAt { get; init; }

    /// <summary>Gets when the hold expires, in UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>
    /// Gets until when one process alone may ask for the approval, in UTC; <see langword="null"/> if none does. If that process
    /// ends, others may ask after this time.
    /// </summary>
    public DateTimeOffset? ClaimedUntil { get; init; }

    /// <summary>
    /// Gets the rest as bytes: the hold token, the decision, and the resolution once it is known. A store that leaves the process
    /// must encrypt it.
    /// </summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Whether a call in the session is the held one: the same tenant, user, session, tool and arguments.</summary>
    internal bool Is(string tool, EnforcementContext context, ReadOnlySpan<byte> argumentsHash) =>
        ToolName == tool && Is(context) && ArgumentsHash.Span.SequenceEqual(argumentsHash);

    /// <summary>Whether the held call belongs to the session and its user.</summary>
    internal bool Is(EnforcementContext context) =>
        SessionId == context.SessionId && UserId == context.UserId && TenantId == context.TenantId;

    /// <summary>Returns the tool, the id and the state.</summary>
    /// <returns>A text that is safe to log.</returns>
    public override string ToString() => $"{ToolName} ({Id}): {State}";
}
