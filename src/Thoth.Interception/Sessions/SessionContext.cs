using System.Text.Json;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Sessions;

/// <summary>Creates the context that enforcers get for a session. Its values override the configured ones (contract §1.2.1).</summary>
internal static class SessionContext
{
    public static EnforcementContext Create(ThothOptions options, ThothSessionOptions session)
    {
        var id = session.SessionId.TrimToNull() ?? Guid.NewGuid().ToString();
        return new EnforcementContext
        {
            TenantId = options.TenantId,
            AgentId = session.AgentId.TrimToNull() ?? options.AgentId,
            UserId = session.UserId.TrimToNull() ?? options.UserId,
            SessionId = id,
            EnforcementTraceId = session.EnforcementTraceId.TrimToNull() ?? options.EnforcementTraceId.TrimToNull() ?? id,
            ApprovedScope = [.. session.ApprovedScope ?? options.ApprovedScope],
            Mode = options.Enforcement,
            Environment = options.Environment,
            SessionIntent = session.SessionIntent.TrimToNull() ?? options.SessionIntent.TrimToNull(),
            Purpose = session.Purpose.TrimToNull() ?? options.Purpose.TrimToNull(),
            DataClassification = session.DataClassification.TrimToNull() ?? options.DataClassification.TrimToNull(),
            TaskContext = session.TaskContext ?? options.TaskContext,
            IdentityBinding = new Dictionary<string, string>(options.IdentityBinding),
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
