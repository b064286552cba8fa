namespace Thoth.Interception;

/// <summary>What a session says about itself; whatever is left out comes from <see cref="ThothOptions"/>.</summary>
public sealed class ThothSessionOptions
{
    /// <summary>The session's id. Default: a new UUID.</summary>
    public string? SessionId { get; set; }

    /// <summary>The agent that calls tools in this session.</summary>
    public string? AgentId { get; set; }

    /// <summary>The user on whose behalf the agent acts in this session.</summary>
    public string? UserId { get; set; }

    /// <summary>The tools that were approved for this session.</summary>
    public IList<string>? ApprovedScope { get; set; }

    /// <summary>What this session is for.</summary>
    public string? SessionIntent { get; set; }

    /// <summary>The purpose for which data may be used in this session.</summary>
    public string? Purpose { get; set; }

    /// <summary>The sensitivity label of the data at hand in this session.</summary>
    public string? DataClassification { get; set; }

    /// <summary>The task that this session works on.</summary>
    public TaskContext? TaskContext { get; set; }

    /// <summary>The trace that this session belongs to. Default: the configured one, else the session's id.</summary>
    public string? EnforcementTraceId { get; set; }
}
