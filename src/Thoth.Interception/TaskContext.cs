namespace Thoth.Interception;

/// <summary>Represents the task that an agent works on (contract §1.2.1, <c>task_context</c>).</summary>
public sealed class TaskContext
{
    /// <summary>Gets or sets the person or system that started the task. Default: none.</summary>
    public string? InitiatedBy { get; set; }

    /// <summary>Gets or sets the task's id in the system that it came from. Default: none.</summary>
    public string? TaskId { get; set; }

    /// <summary>Gets or sets the agents that passed the task on, first to last. Default: empty.</summary>
    public IList<string> Chain { get; set; } = [];
}
