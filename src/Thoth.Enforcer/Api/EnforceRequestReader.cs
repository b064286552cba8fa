using System.Text;
using System.Text.Json;
using Thoth.Enforcer.Errors;
using Thoth.Enforcer.Serialization;

namespace Thoth.Enforcer.Api;

/// <summary>Turns a body into the engine's request, and fills in fields that SDKs omit.</summary>
internal static class EnforceRequestReader
{
    private const int MaxNameLength = 512;
    private const int MaxNames = 1_024;

    /// <summary>The newest names that count, with the call itself, as in process (contract §6).</summary>
    private const int MaxSessionCalls = 128;

    /// <exception cref="ApiException">A field that the decision depends on is missing or invalid.</exception>
    public static EnforcementRequest Read(EnforceRequestBody body, string tenant, DateTimeOffset now)
    {
        var tool = Required(body.ToolName, "tool_name");
        var session = Required(body.SessionId, "session_id");
        return new EnforcementRequest
        {
            Context = new EnforcementContext
            {
                TenantId = tenant,
                AgentId = Name(body.AgentId, "agent_id") ?? "unknown",
                UserId = Name(body.UserId, "user_id") ?? "system",
                SessionId = session,
                EnforcementTraceId = Name(body.EnforcementTraceId, "enforcement_trace_id") ?? session,
                ApprovedScope = Names(body.ApprovedScope, "approved_scope"),
                Mode = ModeOf(body.EnforcementMode),
                Environment = Name(body.Environment, "environment")?.Trim().ToLowerInvariant() ?? "prod",
                SessionIntent = Text(body.SessionIntent),
                Purpose = Text(body.Purpose),
                DataClassification = Text(body.DataClassification),
            },
            ToolName = tool,
            Arguments = Arguments(body.ToolArgs),
            Action = Enum.TryParse<ToolAction>(body.ActionClassification, ignoreCase: true, out var action) && Enum.IsDefined(action)
                ? action
                : ToolAction.Unspecified,
            SessionToolCalls = History(body.SessionToolCalls, tool),
            OccurredAt = now,
            ActionAttestationId = Name(body.ActionAttestationId, "action_attestation_id") ?? Guid.NewGuid().ToString(),
        };
    }

    /// <summary>Takes the newest calls, and appends the current one if the SDK left it out.</summary>
    private static List<string> History(List<string?>? calls, string tool)
    {
        var newest = Names(calls is { Count: > MaxSessionCalls } ? calls[^MaxSessionCalls..] : calls, "session_tool_calls");
        if (newest.Count == 0 || newest[^1] != tool)
        {
            newest.Add(tool);
        }

        return newest.Count > MaxSessionCalls ? newest[^MaxSessionCalls..] : newest;
    }

    private static EnforcementMode ModeOf(string? value) =>
        string.IsNullOrWhiteSpace(value) ? EnforcementMode.Block
        : WireNames.ModeOf(value)
        ?? throw ApiException.Malformed("enforcement_mode must be observe, step_up, block or progressive.");

    private static ReadOnlyMemory<byte> Arguments(JsonElement? arguments) => arguments switch
    {
        null or { ValueKind: JsonValueKind.Null } => default,
        { ValueKind: JsonValueKind.Object } value => Encoding.UTF8.GetBytes(value.GetRawText()),
        _ => throw ApiException.Malformed("tool_args must be an object."),
    };

    private static List<string> Names(List<string?>? names, string field)
    {
        if (names?.Count > MaxNames)
        {
            throw ApiException.Malformed($"{field} must hold at most {MaxNames} names.");
        }

        return names is null ? [] : [.. names.Select(name => Name(name, field) ?? throw ApiException.Malformed($"{field} must hold names."))];
    }

    private static string Required(string? value, string field) =>
        Name(value, field) ?? throw ApiException.Malformed($"{field} is missing.");

    /// <returns><see langword="null"/> if the value is blank.</returns>
    private static string? Name(string? value, string field) =>
        string.IsNullOrWhiteSpace(value) ? null
        : value.Length <= MaxNameLength ? value
        : throw ApiException.Malformed($"{field} must have at most {MaxNameLength} characters.");

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
