using System.Security.Cryptography;
using System.Text.Json;

namespace Thoth.Interception.StepUp;

/// <summary>Holds what a resumed call needs of the held one, besides the members that a store can search.</summary>
internal sealed record HeldCallData
{
    public required EnforcementContext Context { get; init; }

    /// <summary>Gets when the call was made first, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    public ToolAction Action { get; init; }

    public required IReadOnlyList<string> SessionToolCalls { get; init; }

    /// <summary>Gets the call's idempotency key, which it keeps when it is resumed.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Gets the id of the series of calls that the call is one of, which goes on when it is resumed.</summary>
    public string? SeriesId { get; init; }

    /// <summary>Gets the STEP_UP decision with its hold token.</summary>
    public required EnforcementDecision Decision { get; init; }

    /// <summary>Gets the final decision: a refusal, or an approval that the enforcer delivered and does not deliver again.</summary>
    public EnforcementDecision? Resolution { get; init; }

    /// <summary>Gets when the hold was last peeked at, in UTC.</summary>
    public DateTimeOffset? PeekedAt { get; init; }

    /// <summary>Gets how many polls in a row did not find the hold.</summary>
    public int NotFoundInARow { get; init; }

    /// <summary>Gets the nonce of the attempt that used the approval: it knows its own write by it.</summary>
    public string? UsedBy { get; init; }

    /// <summary>Gets whether the end of a call that never ran is recorded.</summary>
    public bool IsEndRecorded { get; init; }

    /// <summary>Makes the first version of a held call, with a random id.</summary>
    public static HeldCallEntry NewEntry(CallToHold call, byte[] argumentsHash, DateTimeOffset heldAt, DateTimeOffset expiresAt)
    {
        var request = call.Request;
        var data = new HeldCallData
        {
            Context = request.Context,
            OccurredAt = request.OccurredAt,
            Action = request.Action,
            SessionToolCalls = request.SessionToolCalls,
            IdempotencyKey = call.IdempotencyKey,
            SeriesId = call.SeriesId,
            Decision = call.Decision,
        };
        return new HeldCallEntry
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            ToolName = request.ToolName,
            Reason = call.Reason,
            TenantId = request.Context.TenantId,
            UserId = request.Context.UserId,
            SessionId = request.Context.SessionId,
            ActionAttestationId = request.ActionAttestationId,
            ArgumentsHash = argumentsHash,
            HeldAt = heldAt,
            ExpiresAt = expiresAt,
            Data = data.ToBytes(),
        };
    }

    public static HeldCallData Of(HeldCallEntry entry) => JsonSerializer.Deserialize<HeldCallData>(entry.Data.Span)!;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Makes the held call's request without its arguments, which no store keeps.</summary>
    public EnforcementRequest ToRequest(HeldCallEntry entry) => new()
    {
        Context = Context,
        ToolName = entry.ToolName,
        Action = Action,
        SessionToolCalls = SessionToolCalls,
        OccurredAt = OccurredAt,
        ActionAttestationId = entry.ActionAttestationId,
    };
}
