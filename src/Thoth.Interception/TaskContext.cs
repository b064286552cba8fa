namespace Thoth.Interception;

/// <summary>The task that an agent works on (contract §1.2.1, <c>task_context</c>).</summary>
public sealed class TaskContext
{
    /// <summary>Who or what started the task.</summary>
    public string? InitiatedBy { get; set; }

    /// <summary>The task's id in the system that it came from.</summary>
    public string? TaskId { get; set; }

    /// <summary>The agents that the task was handed through, first to last.</summary>
    public IList<string> Chain { get; set; } = [];
}
