using System.Text.Json;
using Thoth.Interception.Serialization;

namespace Thoth.Interception;

/// <summary>The question put to an enforcer before a tool runs (contract §1.2.1).</summary>
public sealed class EnforcementRequest
{
    private CallId _actionId;

    /// <summary>What is the same for every call of the session.</summary>
    public required EnforcementContext Context { get; init; }

    /// <summary>The tool's exact name.</summary>
    public required string ToolName { get; init; }

    /// <summary>
    /// The complete arguments as one UTF-8 JSON object keyed by parameter name, at most 1 MiB and 64 levels deep;
    /// empty where the tool takes none.
    /// </summary>
    public ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary>What the tool's author declared that it does.</summary>
    public ToolAction Action { get; init; }

    /// <summary>The session's calls, oldest first, with this one last: at most 128 names.</summary>
    public required IReadOnlyList<string> SessionToolCalls { get; init; }

    /// <summary>When the question was asked, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Identifies this call in requests, answers and events: a UUID, made when first read unless given.</summary>
    public string ActionAttestationId
    {
        get => _actionId.Text ??= _actionId.Uuid.ToString();
        init => _actionId = new(value);
    }

    /// <summary>The id as it is sent.</summary>
    internal CallId ActionId => _actionId.Drawn();

    /// <summary>The tool's name as a JSON string, which a tool has once for all its calls.</summary>
    internal byte[] ToolNameJson
    {
        get => field ?? JsonSerializer.SerializeToUtf8Bytes(ToolName);
        init;
    }
}
