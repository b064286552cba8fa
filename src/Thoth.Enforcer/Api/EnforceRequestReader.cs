using System.Text;
using System.Text.Json;
using Thoth.Enforcer.Errors;
using Thoth.Interception;

namespace Thoth.Enforcer.Api;

/// <summary>Makes the engine's request of a question, and fills in what SDKs leave out.</summary>
internal static class EnforceRequestReader
{
    private const int LongestName = 512;
    private const int LongestHistory = 1_024;

    /// <exception cref="ApiException">Something that the decision depends on is missing or makes no sense.</exception>
    public static EnforcementRequest Read(EnforceRequestBody question, string tenant, DateTimeOffset now)
    {
        var tool = Required(question.ToolName, "tool_name");
        var session = Required(question.SessionId, "session_id");
        return new EnforcementRequest
        {
            Context = new EnforcementContext
            {
                TenantId = tenant,
                AgentId = Name(question.AgentId, "agent_id") ?? "unknown",
                UserId = Name(question.UserId, "user_id") ?? "system",
                SessionId = session,
                EnforcementTraceId = Name(question.EnforcementTraceId, "enforcement_trace_id") ?? session,
                ApprovedScope = Names(question.ApprovedScope, "approved_scope"),
                Mode = ModeOf(question.EnforcementMode),
                Environment = Name(question.Environment, "environment")?.ToLowerInvariant() ?? "prod",
                SessionIntent = Text(question.SessionIntent),
                Purpose = Text(question.Purpose),
                DataClassification = Text(question.DataClassification),
            },
            ToolName = tool,
            Arguments = Arguments(question.ToolArgs),
            Action = Enum.TryParse<ToolAction>(question.ActionClassification, ignoreCase: true, out var action) && Enum.IsDefined(action)
                ? action
                : ToolAction.Unspecified,
            SessionToolCalls = History(Names(question.SessionToolCalls, "session_tool_calls"), tool),
            OccurredAt = now,
            ActionAttestationId = Name(question.ActionAttestationId, "action_attestation_id") ?? Guid.NewGuid().ToString(),
        };
    }

    /// <summary>Some SDKs leave the call at hand out of its own history.</summary>
    private static List<string> History(List<string> calls, string tool)
    {
        if (calls.Count == 0 || calls[^1] != tool)
        {
            calls.Add(tool);
        }

        return calls;
    }

    private static EnforcementMode ModeOf(string? word) =>
        string.IsNullOrWhiteSpace(word) ? EnforcementMode.Block
        : WireNames.ModeOf(word)
        ?? throw ApiException.Malformed("enforcement_mode must be observe, step_up, block or progressive.");

    private static ReadOnlyMemory<byte> Arguments(JsonElement? arguments) => arguments switch
    {
        null or { ValueKind: JsonValueKind.Null } => default,
        { ValueKind: JsonValueKind.Object } value => Encoding.UTF8.GetBytes(value.GetRawText()),
        _ => throw ApiException.Malformed("tool_args must be an object."),
    };

    private static List<string> Names(List<string?>? names, string field)
    {
        if (names?.Count > LongestHistory)
        {
            throw ApiException.Malformed($"{field} must hold at most {LongestHistory} names.");
        }

        return names is null ? [] : [.. names.Select(name => Name(name, field) ?? throw ApiException.Malformed($"{field} must hold names."))];
    }

    private static string Required(string? value, string field) =>
        Name(value, field) ?? throw ApiException.Malformed($"{field} is missing.");

    /// <returns><see langword="null"/> where it says nothing.</returns>
    private static string? Name(string? value, string field) =>
        string.IsNullOrWhiteSpace(value) ? null
        : value.Length <= LongestName ? value
        : throw ApiException.Malformed($"{field} must have at most {LongestName} characters.");

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
