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

    /// <summary>Gets the STEP_UP decision with its hold token.</summary>
    public required EnforcementDecision Decision { get; init; }

    /// <summary>Gets the final decision if the enforcer delivered it to a peek: it does not deliver it again.</summary>
    public EnforcementDecision? Resolution { get; init; }

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
