using System.Collections.ObjectModel;
using System.Text.Json;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Sessions;

/// <summary>Creates the context that enforcers get for a session. Its values override the configured ones (contract §1.2.1).</summary>
internal static class SessionContext
{
    /// <param name="options">The configured values.</param>
    /// <param name="session">The values of the session.</param>
    /// <param name="sessionId">The session's id. Default: that of <paramref name="session"/>, or else a new one.</param>
    public static EnforcementContext Create(ThothOptions options, ThothSessionOptions session, string? sessionId = null)
    {
        var id = sessionId ?? session.SessionId.TrimToNull() ?? Guid.NewGuid().ToString();
        return new EnforcementContext
        {
            TenantId = options.TenantId,
            AgentId = session.AgentId.TrimToNull() ?? options.AgentId,
            UserId = session.UserId.TrimToNull() ?? options.UserId,
            SessionId = id,
            EnforcementTraceId = session.EnforcementTraceId.TrimToNull() ?? options.EnforcementTraceId.TrimToNull() ?? id,
            ApprovedScope = (session.ApprovedScope ?? options.ApprovedScope) is { Count: > 0 } scope ? [.. scope] : [],
            Mode = options.Enforcement,
            Environment = options.Environment,
            SessionIntent = session.SessionIntent.TrimToNull() ?? options.SessionIntent.TrimToNull(),
            Purpose = session.Purpose.TrimToNull() ?? options.Purpose.TrimToNull(),
            DataClassification = session.DataClassification.TrimToNull() ?? options.DataClassification.TrimToNull(),
            TaskContext = session.TaskContext ?? options.TaskContext,
            IdentityBinding = options.IdentityBinding.Count > 0
                ? new Dictionary<string, string>(options.IdentityBinding)
                : ReadOnlyDictionary<string, string>.Empty,
            ModelName = options.ModelName.TrimToNull(),
            ModelProvider = options.ModelProvider.TrimToNull(),
            ModelArtifactId = options.ModelArtifactId.TrimToNull(),
            ModelArtifactVersion = options.ModelArtifactVersion.TrimToNull(),
            AuthContext = AuthContext(options),
            DelegationContext = JsonOf(options.DelegationContext),
            Metadata = Metadata(options),
            EndpointId = options.EndpointId.TrimToNull(),
            FleetId = options.FleetId.TrimToNull(),
        };
    }

    /// <summary>Finds the first value in which options differ from the context that a session was started with.</summary>
    /// <returns>What differs, or <see langword="null"/> if each option is unset or equal.</returns>
    public static string? DifferenceBetween(EnforcementContext context, ThothSessionOptions options) =>
        Differs(options.UserId, context.UserId) ? "user id"
        : Differs(options.AgentId, context.AgentId) ? "agent id"
        : Differs(options.SessionIntent, context.SessionIntent) ? "session intent"
        : Differs(options.Purpose, context.Purpose) ? "purpose"
        : Differs(options.DataClassification, context.DataClassification) ? "data classification"
        : Differs(options.EnforcementTraceId, context.EnforcementTraceId) ? "trace id"
        : options.ApprovedScope is { } scope && !scope.SequenceEqual(context.ApprovedScope) ? "approved scope"
        : options.TaskContext is { } task && !HasSameContents(task, context.TaskContext) ? "task context"
        : null;

    private static bool HasSameContents(TaskContext task, TaskContext? other) =>
        other is not null && task.InitiatedBy == other.InitiatedBy && task.TaskId == other.TaskId && task.Chain.SequenceEqual(other.Chain);

    private static bool Differs(string? option, string? value) => option.TrimToNull() is { } set && set != value;

    private static JsonElement? AuthContext(ThothOptions options)
    {
        var context = new Dictionary<string, object?>(options.AuthContext);
        if (options.McpRuntimeIdentity.TrimToNull() is { } identity)
        {
            context.TryAdd("service_identity", identity);
        }

        return JsonOf(context);
    }

    private static JsonElement? Metadata(ThothOptions options)
    {
        var metadata = new Dictionary<string, object?>(options.RequestMetadata);
        if (options.PolicyContext.Count > 0)
        {
            metadata["policy_context"] = options.PolicyContext;
        }

        if (options.McpRuntimeIdentity.TrimToNull() is { } identity)
        {
            metadata["mcp_runtime_identity"] = identity;
        }

        return JsonOf(metadata);
    }

    /// <summary>Copies the values as JSON, so that a session does not change with the options. Empty values give <see langword="null"/>.</summary>
    private static JsonElement? JsonOf(IDictionary<string, object?> values) =>
        values.Count == 0 ? null : JsonSerializer.SerializeToElement(values);
}
