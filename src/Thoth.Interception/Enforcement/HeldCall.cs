using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Thoth.Interception;

/// <summary>
/// Represents a call that waits for an approval while its caller goes on. It can be shown to anybody: it contains neither the hold
/// token nor an argument, and its <see cref="Id"/> grants nothing.
/// </summary>
/// <example>
/// <code>
/// catch (StepUpRequiredException e)
/// {
///     return Results.Accepted($"/holds/{e.HeldCall.Id}", e.HeldCall);
/// }
/// </code>
/// </example>
public sealed class HeldCall
{
    internal HeldCall(HeldCallEntry entry) =>
        (Id, ToolName, Reason, SessionId, UserId, TenantId, ActionAttestationId, HeldAt, ExpiresAt, Entry) =
        (entry.Id, entry.ToolName, entry.Reason, entry.SessionId, entry.UserId, entry.TenantId, entry.ActionAttestationId, entry.HeldAt, entry.ExpiresAt, entry);

    /// <summary>Gets the id of the held call, for <see cref="IThothHolds.GetAsync"/>: 32 characters of <c>[0-9a-f]</c>, or what another
    /// store gives it, in characters of a URL.</summary>
    public string Id { get; }

    /// <summary>Gets the name of the tool that was called.</summary>
    public string ToolName { get; }

    /// <summary>Gets why the call needs an approval.</summary>
    public string Reason { get; }

    /// <summary>Gets the session of the call. Only a call in this session can be the held one.</summary>
    public string SessionId { get; }

    /// <summary>Gets the user on whose behalf the call was made.</summary>
    [JsonIgnore]
    public string UserId { get; }

    /// <summary>Gets the tenant of the call.</summary>
    [JsonIgnore]
    public string TenantId { get; }

    /// <summary>Gets the call's id in requests, events and for an approver, which stays the same when the call is resumed.</summary>
    [JsonIgnore]
    public string ActionAttestationId { get; }

    /// <summary>Gets when the call was held, in UTC.</summary>
    public DateTimeOffset HeldAt { get; }

    /// <summary>Gets when the hold expires, in UTC. A call that was not resumed until then is recorded as blocked.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Gets what the store keeps about the call.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    internal HeldCallEntry Entry { get; }

    /// <summary>Returns the tool and the id.</summary>
    /// <returns>A text that is safe to show and to log.</returns>
    public override string ToString() => $"{ToolName} ({Id})";
}
