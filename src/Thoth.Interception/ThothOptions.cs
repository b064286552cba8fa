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
