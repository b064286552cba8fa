using System.ComponentModel.DataAnnotations;

namespace Thoth.Interception;

/// <summary>How a held call waits for its approval (contract §3.2).</summary>
public sealed class StepUpOptions
{
    /// <summary>
    /// Gets or sets how long to wait for the approver: 0 to 7 days, default 15 minutes. 0 blocks the call without waiting. A
    /// shorter <see cref="EnforcementDecision.StepUpTimeout"/> counts instead; a longer one does not.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Gets or sets how long to wait between two polls, ±10 % at random: 1 ms to 1 hour, default 5 s. Much less than a second
    /// uses up a remote enforcer's rate limit.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.0010000", "01:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets or sets whether a held call waits or throws. Default: <see cref="StepUpMode.Wait"/>.</summary>
    public StepUpMode Mode { get; set; }
}
