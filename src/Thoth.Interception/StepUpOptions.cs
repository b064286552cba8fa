using System.ComponentModel.DataAnnotations;

namespace Thoth.Interception;

/// <summary>How long and how often a held call asks for its approval (contract §3.2).</summary>
public sealed class StepUpOptions
{
    /// <summary>
    /// How long to wait for the approver: 0 to 7 days, default 15 minutes. 0 means not at all, and the call is blocked. A
    /// shorter window in the enforcer's answer wins; a longer one does not.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long to wait between two questions, ±10 %: 1 ms to 1 hour, default 5 s. Much less than a second uses
    /// up a remote enforcer's rate limit.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.0010000", "01:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a held call waits or throws. Default: <see cref="StepUpMode.Wait"/>.</summary>
    public StepUpMode Mode { get; set; }
}
