namespace Thoth.Enforcer.Storage;

/// <summary>A recorded behavioural event, as an SDK sent it.</summary>
internal sealed record EventRow
{
    /// <summary>The place in the order of arrival; 0 before it is stored.</summary>
    public long Seq { get; init; }

    public required string Tenant { get; init; }

    /// <summary>Unique within the tenant.</summary>
    public required string EventId { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When it happened by the sender's clock; the time of arrival if that cannot be read.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>TOOL_CALL_PRE, TOOL_CALL_POST, TOOL_CALL_BLOCK, LLM_INVOCATION or another type of the sender.</summary>
    public required string Type { get; init; }

    public string? Phase { get; init; }

    public string? Tool { get; init; }

    public required string Session { get; init; }

    public string? Agent { get; init; }

    public string? User { get; init; }

    public string? Decision { get; init; }

    public string? Code { get; init; }

    public double? DurationMs { get; init; }

    /// <summary>The call's attestation id.</summary>
    public string? Action { get; init; }

    /// <summary>The whole event.</summary>
    public required string Json { get; init; }
}
