using System.Text.Json;

namespace Thoth.Interception.Sessions;

/// <summary>Puts together what enforcers are told about a session: its own values over the configured ones (contract §1.2.1).</summary>
internal static class SessionContext
{
    public static EnforcementContext Create(ThothOptions options, ThothSessionOptions own)
    {
        var id = Given(own.SessionId) ?? Guid.NewGuid().ToString();
        return new EnforcementContext
        {
            TenantId = options.TenantId,
            AgentId = Given(own.AgentId) ?? options.AgentId,
            UserId = Given(own.UserId) ?? options.UserId,
            SessionId = id,
            EnforcementTraceId = Given(own.EnforcementTraceId) ?? Given(options.EnforcementTraceId) ?? id,
            ApprovedScope = [.. own.ApprovedScope ?? options.ApprovedScope],
            Mode = options.Enforcement,
            Environment = options.Environment,
            SessionIntent = Given(own.SessionIntent) ?? Given(options.SessionIntent),
            Purpose = Given(own.Purpose) ?? Given(options.Purpose),
            DataClassification = Given(own.DataClassification) ?? Given(options.DataClassification),
            TaskContext = own.TaskContext ?? options.TaskContext,
            IdentityBinding = new Dictionary<string, string>(options.IdentityBinding),
            ModelName = Given(options.ModelName),
            ModelProvider = Given(options.ModelProvider),
            ModelArtifactId = Given(options.ModelArtifactId),
            ModelArtifactVersion = Given(options.ModelArtifactVersion),
            AuthContext = AuthContext(options),
            DelegationContext = JsonOf(options.DelegationContext),
            Metadata = Metadata(options),
            EndpointId = Given(options.EndpointId),
            FleetId = Given(options.FleetId),
        };
    }

    private static JsonElement? AuthContext(ThothOptions options)
    {
        var context = new Dictionary<string, object?>(options.AuthContext);
        if (Given(options.McpRuntimeIdentity) is { } identity)
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

        if (Given(options.McpRuntimeIdentity) is { } identity)
        {
            metadata["mcp_runtime_identity"] = identity;
        }

        return JsonOf(metadata);
    }

    /// <summary>A copy as JSON: what is configured once must not change under a session. An empty object is none.</summary>
    private static JsonElement? JsonOf(IDictionary<string, object?> values) =>
        values.Count == 0 ? null : JsonSerializer.SerializeToElement(values);

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
