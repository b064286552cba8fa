using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Thoth.Interception;

/// <summary>
/// Configures the agent's identity and how its calls are governed (contract §7). Later sources override earlier ones: the
/// defaults, the configuration section passed to <c>AddThoth</c>, <c>THOTH_*</c> environment variables, and delegates.
/// </summary>
/// <remarks>Texts are trimmed, and a blank text counts as unset.</remarks>
public sealed class ThothOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string SectionName = "Thoth";

    /// <summary>
    /// Gets or sets the base URL of the Thoth API: <c>https</c>, or <c>http</c> on loopback. A path in it is kept. Required unless
    /// another enforcer is chosen. Environment: <c>THOTH_API_URL</c>.
    /// </summary>
    public string? ApiUrl { get; set; }

    /// <summary>Gets or sets the secret key that authorizes requests. Default: none. Environment: <c>THOTH_API_KEY</c>.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Gets or sets the secret token that authorizes batches of events. Default: none. Environment: <c>THOTH_EVENT_INGEST_TOKEN</c>.</summary>
    public string? EventIngestToken { get; set; }

    /// <summary>
    /// Gets or sets a value that tells whether <see cref="ApiUrl"/> may be plain <c>http</c> outside loopback, which shows arguments
    /// and keys to the network (contract §1.1.7). Default <see langword="false"/>.
    /// </summary>
    public bool AllowInsecureHttp { get; set; }

    /// <summary>Gets or sets how long an evaluation over HTTP may take, of which connecting may take 2 s: 1 ms to 5 minutes, default 5 s (contract §1.1.6).</summary>
    [Range(typeof(TimeSpan), "00:00:00.0010000", "00:05:00")]
    public TimeSpan EnforcementTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets or sets a value that tells whether the enforcer explains a BLOCK or STEP_UP before the caller gets it (contract §1.5). It
    /// takes up to 3 s and sends the arguments once more. Default <see langword="false"/>.
    /// </summary>
    public bool Explain { get; set; }

    /// <summary>Gets or sets the tenant that the agent belongs to. Required. Environment: <c>THOTH_TENANT_ID</c>.</summary>
    public string TenantId { get; set; } = "";

    /// <summary>Gets or sets the agent that calls tools. Required. Environment: <c>THOTH_AGENT_ID</c>.</summary>
    public string AgentId { get; set; } = "";

    /// <summary>Gets or sets the user on whose behalf the agent acts. Default <c>system</c>. Environment: <c>THOTH_USER_ID</c>.</summary>
    public string UserId { get; set; } = "system";

    /// <summary>
    /// Gets or sets the names of the tools that were approved beforehand. Only the enforcer evaluates them. Default: none.
    /// Environment: <c>THOTH_APPROVED_SCOPE</c>, separated by commas.
    /// </summary>
    public IList<string> ApprovedScope { get; set; } = [];

    /// <summary>
    /// Gets or sets the mode in which calls are decided. Default: <see cref="EnforcementMode.Block"/>. Environment:
    /// <c>THOTH_ENFORCEMENT_MODE</c>, then <c>THOTH_ENFORCEMENT</c>.
    /// </summary>
    public EnforcementMode Enforcement { get; set; }

    /// <summary>
    /// Gets or sets a value that tells whether tools run while the enforcer is unreachable or overloaded (contract §2.3). It covers no
    /// other failure. Default <see langword="false"/>. Environment: <c>THOTH_FAIL_OPEN</c>.
    /// </summary>
    public bool FailOpen { get; set; }

    /// <summary>
    /// Gets or sets the deployment environment that policies are looked up for; it is converted to lower case. Default <c>prod</c>.
    /// Environment: <c>THOTH_ENVIRONMENT</c>, then <c>THOTH_ENV</c>.
    /// </summary>
    public string Environment { get; set; } = "prod";

    /// <summary>Gets or sets the intent of sessions. Default: none. Environment: <c>THOTH_SESSION_INTENT</c>.</summary>
    public string? SessionIntent { get; set; }

    /// <summary>Gets or sets the purpose for which data may be used. Default: none. Environment: <c>THOTH_PURPOSE</c>.</summary>
    public string? Purpose { get; set; }

    /// <summary>Gets or sets the sensitivity label of the data. Default: none. Environment: <c>THOTH_DATA_CLASSIFICATION</c>.</summary>
    public string? DataClassification { get; set; }

    /// <summary>Gets or sets the task that the agent works on. Default: none. Environment: <c>THOTH_TASK_CONTEXT_JSON</c>, an object with <c>initiated_by</c>, <c>task_id</c> and <c>chain</c>.</summary>
    public TaskContext? TaskContext { get; set; }

    /// <summary>Gets or sets the model that the agent runs on. Default: none. Environment: <c>THOTH_MODEL_NAME</c>.</summary>
    public string? ModelName { get; set; }

    /// <summary>Gets or sets the provider of the model. Default: none. Environment: <c>THOTH_MODEL_PROVIDER</c>.</summary>
    public string? ModelProvider { get; set; }

    /// <summary>Gets or sets the id of the model's artifact. Default: none. Environment: <c>THOTH_MODEL_ARTIFACT_ID</c>.</summary>
    public string? ModelArtifactId { get; set; }

    /// <summary>Gets or sets the version of the model's artifact. Default: none. Environment: <c>THOTH_MODEL_ARTIFACT_VERSION</c>.</summary>
    public string? ModelArtifactVersion { get; set; }

    /// <summary>Gets the principal or service that the agent is authenticated as. Default: empty. Environment: <c>THOTH_AUTH_CONTEXT_JSON</c>.</summary>
    public IDictionary<string, object?> AuthContext { get; } = new Dictionary<string, object?>();

    /// <summary>Gets the delegation by which the agent acts. Default: empty. Environment: <c>THOTH_DELEGATION_CONTEXT_JSON</c>.</summary>
    public IDictionary<string, object?> DelegationContext { get; } = new Dictionary<string, object?>();

    /// <summary>Gets further metadata of requests. Default: empty. Environment: <c>THOTH_REQUEST_METADATA_JSON</c>.</summary>
    public IDictionary<string, object?> RequestMetadata { get; } = new Dictionary<string, object?>();

    /// <summary>Gets further facts for policies; they are sent as <c>policy_context</c> in the metadata. Default: empty.</summary>
    public IDictionary<string, object?> PolicyContext { get; } = new Dictionary<string, object?>();

    /// <summary>
    /// Gets or sets the identity of the MCP runtime. It is also the <c>service_identity</c> of <see cref="AuthContext"/> unless that
    /// has one. Default: none. Environment: <c>THOTH_MCP_RUNTIME_IDENTITY</c>.
    /// </summary>
    public string? McpRuntimeIdentity { get; set; }

    /// <summary>Gets or sets the endpoint that calls are attributed to. Default: none.</summary>
    public string? EndpointId { get; set; }

    /// <summary>Gets or sets the fleet that calls are attributed to. Default: none.</summary>
    public string? FleetId { get; set; }

    /// <summary>Gets further identity attributes. They override <c>agent_id</c>, <c>tenant_id</c> and <c>user_id</c>. Default: empty.</summary>
    public IDictionary<string, string> IdentityBinding { get; } = new Dictionary<string, string>();

    /// <summary>Gets or sets the trace that calls belong to. Default: the session's id. Environment: <c>THOTH_ENFORCEMENT_TRACE_ID</c>.</summary>
    public string? EnforcementTraceId { get; set; }

    /// <summary>
    /// Gets or sets a value that tells whether the enforcer evaluates calls in <see cref="EnforcementMode.Observe"/> (contract §2.2).
    /// It runs beside the tool, which is neither delayed nor changed, and its decision is recorded. Default <see langword="false"/>.
    /// </summary>
    public bool EvaluateInObserveMode { get; set; }

    /// <summary>Gets or sets how held calls wait for their approval. Default: the defaults of <see cref="StepUpOptions"/>.</summary>
    [ValidateObjectMembers]
    public StepUpOptions StepUp { get; set; } = new();

    /// <summary>
    /// Gets or sets a value that tells whether a call outside of every session is refused with
    /// <see cref="SdkReasonCodes.SessionRequired"/>. If not, it belongs to the service provider's default session. Set it in
    /// applications that serve several users. It has no effect in <see cref="EnforcementMode.Observe"/>. Default
    /// <see langword="false"/>.
    /// </summary>
    public bool RequireSession { get; set; }

    /// <summary>Gets or sets how long sessions are kept between requests. Default: the defaults of <see cref="SessionOptions"/>.</summary>
    [ValidateObjectMembers]
    public SessionOptions Sessions { get; set; } = new();

    /// <summary>Gets or sets how behavioural events are queued and delivered. Default: the defaults of <see cref="EventOptions"/>.</summary>
    [ValidateObjectMembers]
    public EventOptions Events { get; set; } = new();
}
