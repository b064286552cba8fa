using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Thoth.Interception;

/// <summary>
/// Who the agent is and how its calls are governed (contract §7). Values come, lowest first, from these defaults, the
/// configuration section given to <c>AddThoth</c>, <c>THOTH_*</c> environment variables, and delegates.
/// </summary>
public sealed class ThothOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string SectionName = "Thoth";

    /// <summary>
    /// The enforcer's base URL: <c>https</c>, or <c>http</c> on loopback; a path in it is kept. Required unless another
    /// enforcer is chosen. Environment: <c>THOTH_API_URL</c>.
    /// </summary>
    public string? ApiUrl { get; set; }

    /// <summary>The key that requests are authorized with. A secret. Environment: <c>THOTH_API_KEY</c>.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The token that event batches are authorized with. A secret. Environment: <c>THOTH_EVENT_INGEST_TOKEN</c>.</summary>
    public string? EventIngestToken { get; set; }

    /// <summary>
    /// Whether <see cref="ApiUrl"/> may be plain <c>http</c> outside loopback, which shows arguments and keys to the network
    /// (contract §1.1.7). Default <see langword="false"/>.
    /// </summary>
    public bool AllowInsecureHttp { get; set; }

    /// <summary>How long a check over HTTP may take, at most 2 s of it to connect: 1 ms to 5 minutes, default 5 s (contract §1.1.6).</summary>
    [Range(typeof(TimeSpan), "00:00:00.0010000", "00:05:00")]
    public TimeSpan EnforcementTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether the enforcer is asked to explain a BLOCK or STEP_UP before the caller is told (contract §1.5). It costs up to 3 s
    /// and sends the arguments once more. Default <see langword="false"/>.
    /// </summary>
    public bool Explain { get; set; }

    /// <summary>The tenant that the agent belongs to. Required. Environment: <c>THOTH_TENANT_ID</c>.</summary>
    public string TenantId { get; set; } = "";

    /// <summary>The agent that calls tools. Required. Environment: <c>THOTH_AGENT_ID</c>.</summary>
    public string AgentId { get; set; } = "";

    /// <summary>The user on whose behalf the agent acts. Default <c>system</c>. Environment: <c>THOTH_USER_ID</c>.</summary>
    public string UserId { get; set; } = "system";

    /// <summary>
    /// The tools that were approved beforehand; the enforcer alone evaluates them. Default: none. Environment:
    /// <c>THOTH_APPROVED_SCOPE</c>, separated by commas.
    /// </summary>
    public IList<string> ApprovedScope { get; set; } = [];

    /// <summary>
    /// The mode that calls are decided in. Default: <see cref="EnforcementMode.Block"/>. Environment:
    /// <c>THOTH_ENFORCEMENT_MODE</c>, then <c>THOTH_ENFORCEMENT</c>.
    /// </summary>
    public EnforcementMode Enforcement { get; set; }

    /// <summary>
    /// Whether tools run while the enforcer is unreachable or overloaded, and only then (contract §2.3). Default
    /// <see langword="false"/>. Environment: <c>THOTH_FAIL_OPEN</c>.
    /// </summary>
    public bool FailOpen { get; set; }

    /// <summary>
    /// The deployment environment that policies are looked up for, in lower case. Default <c>prod</c>. Environment:
    /// <c>THOTH_ENVIRONMENT</c>, then <c>THOTH_ENV</c>.
    /// </summary>
    public string Environment { get; set; } = "prod";

    /// <summary>What sessions are for. Environment: <c>THOTH_SESSION_INTENT</c>.</summary>
    public string? SessionIntent { get; set; }

    /// <summary>The purpose for which data may be used. Environment: <c>THOTH_PURPOSE</c>.</summary>
    public string? Purpose { get; set; }

    /// <summary>The sensitivity label of the data at hand. Environment: <c>THOTH_DATA_CLASSIFICATION</c>.</summary>
    public string? DataClassification { get; set; }

    /// <summary>The task at hand. Environment: <c>THOTH_TASK_CONTEXT_JSON</c>, an object with <c>initiated_by</c>, <c>task_id</c> and <c>chain</c>.</summary>
    public TaskContext? TaskContext { get; set; }

    /// <summary>The model that the agent runs on. Environment: <c>THOTH_MODEL_NAME</c>.</summary>
    public string? ModelName { get; set; }

    /// <summary>Who provides the model. Environment: <c>THOTH_MODEL_PROVIDER</c>.</summary>
    public string? ModelProvider { get; set; }

    /// <summary>The id of the model's artifact. Environment: <c>THOTH_MODEL_ARTIFACT_ID</c>.</summary>
    public string? ModelArtifactId { get; set; }

    /// <summary>The version of the model's artifact. Environment: <c>THOTH_MODEL_ARTIFACT_VERSION</c>.</summary>
    public string? ModelArtifactVersion { get; set; }

    /// <summary>The principal or service that the agent is authenticated as. Environment: <c>THOTH_AUTH_CONTEXT_JSON</c>.</summary>
    public IDictionary<string, object?> AuthContext { get; set; } = new Dictionary<string, object?>();

    /// <summary>Who delegated what to the agent. Environment: <c>THOTH_DELEGATION_CONTEXT_JSON</c>.</summary>
    public IDictionary<string, object?> DelegationContext { get; set; } = new Dictionary<string, object?>();

    /// <summary>Further metadata of requests. Environment: <c>THOTH_REQUEST_METADATA_JSON</c>.</summary>
    public IDictionary<string, object?> RequestMetadata { get; set; } = new Dictionary<string, object?>();

    /// <summary>What policies may know beyond the call; sent within the metadata.</summary>
    public IDictionary<string, object?> PolicyContext { get; set; } = new Dictionary<string, object?>();

    /// <summary>
    /// The identity of the MCP runtime; the <c>service_identity</c> of <see cref="AuthContext"/> unless that has one.
    /// Environment: <c>THOTH_MCP_RUNTIME_IDENTITY</c>.
    /// </summary>
    public string? McpRuntimeIdentity { get; set; }

    /// <summary>The endpoint that calls are attributed to.</summary>
    public string? EndpointId { get; set; }

    /// <summary>The fleet that calls are attributed to.</summary>
    public string? FleetId { get; set; }

    /// <summary>Further identity attributes, laid over <c>agent_id</c>, <c>tenant_id</c> and <c>user_id</c>.</summary>
    public IDictionary<string, string> IdentityBinding { get; set; } = new Dictionary<string, string>();

    /// <summary>The trace that calls belong to. Default: the session's id. Environment: <c>THOTH_ENFORCEMENT_TRACE_ID</c>.</summary>
    public string? EnforcementTraceId { get; set; }

    /// <summary>
    /// In <see cref="EnforcementMode.Observe"/>: ask the enforcer beside the running tool and record its verdict, without
    /// delaying or changing the tool (contract §2.2). Default <see langword="false"/>.
    /// </summary>
    public bool EvaluateInObserveMode { get; set; }

    /// <summary>How held calls wait for their approval.</summary>
    [ValidateObjectMembers]
    public StepUpOptions StepUp { get; set; } = new();

    /// <summary>How behavioural events are queued and delivered.</summary>
    [ValidateObjectMembers]
    public EventOptions Events { get; set; } = new();
}
