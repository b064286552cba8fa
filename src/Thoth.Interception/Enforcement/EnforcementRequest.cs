using System.Text.Json;
using Thoth.Interception.Serialization;

namespace Thoth.Interception;

/// <summary>The request to decide about one call, before the tool runs (contract §1.2.1).</summary>
public sealed class EnforcementRequest
{
    private CallId _actionId;

    /// <summary>Gets the part that is the same for every call of the session.</summary>
    public required EnforcementContext Context { get; init; }

    /// <summary>Gets the tool's exact name.</summary>
    public required string ToolName { get; init; }

    /// <summary>
    /// Gets the complete arguments as one UTF-8 JSON object keyed by parameter name, at most 1 MiB and 64 levels deep; empty if
    /// the tool has no parameters.
    /// </summary>
    public ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary>Gets the kind of action that the tool's author declared. Default: <see cref="ToolAction.Unspecified"/>.</summary>
    public ToolAction Action { get; init; }

    /// <summary>Gets the names of the session's calls, oldest first, with this one last: at most 128.</summary>
    public required IReadOnlyList<string> SessionToolCalls { get; init; }

    /// <summary>Gets when the call was made, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Gets the id of this call in requests, responses and events: the one that was set, else a UUID that is made when it is first read.</summary>
    public string ActionAttestationId
    {
        get => _actionId.Text ??= _actionId.Uuid.ToString();
        init => _actionId = new(value);
    }

    /// <summary>
    /// Gets, for a held call that is made again, a random value that is new for each attempt; otherwise <see langword="null"/>. An
    /// enforcer that lost the response to a poll may repeat an approval to the same nonce and to no other.
    /// </summary>
    public string? ResumeNonce { get; init; }

    /// <summary>The id as it is sent.</summary>
    internal CallId ActionId
    {
        get => _actionId.Drawn();
        init => _actionId = value;
    }

    /// <summary>The tool's name as a JSON string, which a tool has once for all its calls.</summary>
    internal byte[] ToolNameJson
    {
        get => field ?? JsonSerializer.SerializeToUtf8Bytes(ToolName);
        init;
    }
}
