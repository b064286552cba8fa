namespace Thoth.Interception;

/// <summary>Configures a session. An option that is <see langword="null"/> is taken from <see cref="ThothOptions"/>.</summary>
public sealed class ThothSessionOptions
{
    /// <summary>Gets or sets the session's id. Default: a new UUID.</summary>
    public string? SessionId { get; set; }

    /// <summary>Gets or sets the agent that calls tools in this session.</summary>
    public string? AgentId { get; set; }

    /// <summary>Gets or sets the user on whose behalf the agent acts in this session.</summary>
    public string? UserId { get; set; }

    /// <summary>Gets or sets the names of the tools that were approved for this session. An empty list approves no tool.</summary>
    public IList<string>? ApprovedScope { get; set; }

    /// <summary>Gets or sets the intent of this session.</summary>
    public string? SessionIntent { get; set; }

    /// <summary>Gets or sets the purpose for which data may be used in this session.</summary>
    public string? Purpose { get; set; }

    /// <summary>Gets or sets the sensitivity label of the data in this session.</summary>
    public string? DataClassification { get; set; }

    /// <summary>Gets or sets the task that this session works on.</summary>
    public TaskContext? TaskContext { get; set; }

    /// <summary>Gets or sets the trace that this session belongs to. Default: the configured one, or else the session's id.</summary>
    public string? EnforcementTraceId { get; set; }
}
