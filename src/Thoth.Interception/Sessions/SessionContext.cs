using System.Text.Json;

namespace Thoth.Interception.Sessions;

/// <summary>Creates what enforcers are told about a session: its own values override the configured ones (contract §1.2.1).</summary>
internal static class SessionContext
{
    public static EnforcementContext Create(ThothOptions options, ThothSessionOptions own)
    {
        var id = TrimToNull(own.SessionId) ?? Guid.NewGuid().ToString();
        return new EnforcementContext
        {
            TenantId = options.TenantId,
            AgentId = TrimToNull(own.AgentId) ?? options.AgentId,
            UserId = TrimToNull(own.UserId) ?? options.UserId,
            SessionId = id,
            EnforcementTraceId = TrimToNull(own.EnforcementTraceId) ?? TrimToNull(options.EnforcementTraceId) ?? id,
            ApprovedScope = [.. own.ApprovedScope ?? options.ApprovedScope],
            Mode = options.Enforcement,
            Environment = options.Environment,
            SessionIntent = TrimToNull(own.SessionIntent) ?? TrimToNull(options.SessionIntent),
            Purpose = TrimToNull(own.Purpose) ?? TrimToNull(options.Purpose),
            DataClassification = TrimToNull(own.DataClassification) ?? TrimToNull(options.DataClassification),
            TaskContext = own.TaskContext ?? options.TaskContext,
            IdentityBinding = new Dictionary<string, string>(options.IdentityBinding),
            ModelName = TrimToNull(options.ModelName),
            ModelProvider = TrimToNull(options.ModelProvider),
            ModelArtifactId = TrimToNull(options.ModelArtifactId),
            ModelArtifactVersion = TrimToNull(options.ModelArtifactVersion),
            AuthContext = AuthContext(options),
            DelegationContext = JsonOf(options.DelegationContext),
            Metadata = Metadata(options),
            EndpointId = TrimToNull(options.EndpointId),
            FleetId = TrimToNull(options.FleetId),
        };
    }

    private static JsonElement? AuthContext(ThothOptions options)
    {
        var context = new Dictionary<string, object?>(options.AuthContext);
        if (TrimToNull(options.McpRuntimeIdentity) is { } identity)
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

        if (TrimToNull(options.McpRuntimeIdentity) is { } identity)
        {
            metadata["mcp_runtime_identity"] = identity;
        }

        return JsonOf(metadata);
    }

    /// <summary>Copies the values as JSON, so that a session does not change with the options. Empty values give <see langword="null"/>.</summary>
    private static JsonElement? JsonOf(IDictionary<string, object?> values) =>
        values.Count == 0 ? null : JsonSerializer.SerializeToElement(values);

    private static string? TrimToNull(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
