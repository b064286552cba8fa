using System.Text.Json;

namespace Thoth.Interception;

/// <summary>
/// What an enforcer is told about the caller and what is the same for every call of one session: identity, scope,
/// mode and purpose (contract §1.2.1). One object is shared by all requests and events of a session.
/// </summary>
public sealed class EnforcementContext
{
    /// <summary>The tenant that the agent belongs to.</summary>
    public required string TenantId { get; init; }

    /// <summary>The agent that calls tools.</summary>
    public required string AgentId { get; init; }

    /// <summary>The user on whose behalf the agent acts; <c>system</c> where there is none.</summary>
    public string UserId { get; init; } = "system";

    /// <summary>The session that the call belongs to.</summary>
    public required string SessionId { get; init; }

    /// <summary>Correlates the calls of one trace; the session's id unless configured.</summary>
    public required string EnforcementTraceId { get; init; }

    /// <summary>The tool names that were approved beforehand; only the enforcer evaluates them.</summary>
    public IReadOnlyList<string> ApprovedScope { get; init; } = [];

    /// <summary>The mode that the enforcer is asked to decide in.</summary>
    public EnforcementMode Mode { get; init; }

    /// <summary>The deployment environment in lower case, <c>prod</c> by default.</summary>
    public string Environment { get; init; } = "prod";

    /// <summary>What the session is for, in the caller's words.</summary>
    public string? SessionIntent { get; init; }

    /// <summary>The purpose for which data may be used.</summary>
    public string? Purpose { get; init; }

    /// <summary>The sensitivity label of the data at hand.</summary>
    public string? DataClassification { get; init; }

    /// <summary>The task at hand, or <see langword="null"/>.</summary>
    public TaskContext? TaskContext { get; init; }

    /// <summary>Further identity attributes, laid over <c>agent_id</c>, <c>tenant_id</c> and <c>user_id</c>.</summary>
    public IReadOnlyDictionary<string, string> IdentityBinding { get; init; } = new Dictionary<string, string>();

    /// <summary>The model that the agent runs on, for checks of the model's supply chain.</summary>
    public string? ModelName { get; init; }

    /// <summary>Who provides the model.</summary>
    public string? ModelProvider { get; init; }

    /// <summary>The id of the model's artifact.</summary>
    public string? ModelArtifactId { get; init; }

    /// <summary>The version of the model's artifact.</summary>
    public string? ModelArtifactVersion { get; init; }

    /// <summary>The principal or service that the agent is authenticated as: a JSON object, or <see langword="null"/>.</summary>
    public JsonElement? AuthContext { get; init; }

    /// <summary>Who delegated what to the agent: a JSON object, or <see langword="null"/>.</summary>
    public JsonElement? DelegationContext { get; init; }

    /// <summary>Further metadata of requests, policy context and MCP runtime identity included: a JSON object, or <see langword="null"/>.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>The endpoint that the call is attributed to.</summary>
    public string? EndpointId { get; init; }

    /// <summary>The fleet that the call is attributed to.</summary>
    public string? FleetId { get; init; }
}
