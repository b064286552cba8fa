namespace Thoth.Interception;

/// <summary>How long and how often a held call asks for its approval (contract §3.2).</summary>
public sealed class StepUpOptions
{
    /// <summary>
    /// How long to wait for the approver. Default 15 minutes; 0 means not at all, and the call is blocked. A shorter
    /// window in the enforcer's answer wins; a longer one does not.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long to wait between two questions, ±10 %. At least 250 ms; default 5 s.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a held call waits or throws. Default: <see cref="StepUpMode.Wait"/>.</summary>
    public StepUpMode Mode { get; set; }
}
