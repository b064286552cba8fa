using System.Collections.ObjectModel;
using System.Text.Json;

namespace Thoth.Interception;

/// <summary>
/// The part of a request that is the same for every call of one session: identity, scope, mode and purpose
/// (contract §1.2.1). All requests and events of a session share one instance.
/// </summary>
public sealed class EnforcementContext
{
    /// <summary>Gets the tenant that the agent belongs to.</summary>
    public required string TenantId { get; init; }

    /// <summary>Gets the agent that calls tools.</summary>
    public required string AgentId { get; init; }

    /// <summary>Gets the user on whose behalf the agent acts. Default: <c>system</c>.</summary>
    public string UserId { get; init; } = "system";

    /// <summary>Gets the id of the session that the call belongs to.</summary>
    public required string SessionId { get; init; }

    /// <summary>Gets the id that correlates the calls of one trace: the configured one, else the session's id.</summary>
    public required string EnforcementTraceId { get; init; }

    /// <summary>Gets the names of the tools that were approved beforehand. Only the enforcer evaluates them. Default: empty.</summary>
    public IReadOnlyList<string> ApprovedScope { get; init; } = [];

    /// <summary>Gets the mode of the session. Default: <see cref="EnforcementMode.Block"/>.</summary>
    public EnforcementMode Mode { get; init; }

    /// <summary>Gets the deployment environment in lower case. Default: <c>prod</c>.</summary>
    public string Environment { get; init; } = "prod";

    /// <summary>Gets the intent of the session, as free text.</summary>
    public string? SessionIntent { get; init; }

    /// <summary>Gets the purpose for which data may be used.</summary>
    public string? Purpose { get; init; }

    /// <summary>Gets the sensitivity label of the data that the session works with.</summary>
    public string? DataClassification { get; init; }

    /// <summary>Gets the task that the session works on, or <see langword="null"/>.</summary>
    public TaskContext? TaskContext { get; init; }

    /// <summary>Gets further identity attributes. They are sent with <c>agent_id</c>, <c>tenant_id</c> and <c>user_id</c> and replace those of the same name. Default: empty.</summary>
    public IReadOnlyDictionary<string, string> IdentityBinding { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Gets the model that the agent runs on, for checks of the model's supply chain.</summary>
    public string? ModelName { get; init; }

    /// <summary>Gets the provider of the model.</summary>
    public string? ModelProvider { get; init; }

    /// <summary>Gets the id of the model's artifact.</summary>
    public string? ModelArtifactId { get; init; }

    /// <summary>Gets the version of the model's artifact.</summary>
    public string? ModelArtifactVersion { get; init; }

    /// <summary>Gets the principal or service that the agent is authenticated as: a JSON object, or <see langword="null"/>.</summary>
    public JsonElement? AuthContext { get; init; }

    /// <summary>Gets the delegation that the agent acts under: a JSON object, or <see langword="null"/>.</summary>
    public JsonElement? DelegationContext { get; init; }

    /// <summary>Gets further metadata of requests, policy context and MCP runtime identity included: a JSON object, or <see langword="null"/>.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Gets the endpoint that the call is attributed to.</summary>
    public string? EndpointId { get; init; }

    /// <summary>Gets the fleet that the call is attributed to.</summary>
    public string? FleetId { get; init; }

    /// <summary>Gets or sets the part of enforce requests that is the same for the session, once it is written.</summary>
    internal byte[]? RequestJson { get; set; }

    /// <summary>Gets or sets the part of events that is the same for the session, once it is written.</summary>
    internal object? EventJson { get; set; }
}
