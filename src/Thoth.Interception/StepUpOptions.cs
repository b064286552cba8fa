using System.ComponentModel.DataAnnotations;

namespace Thoth.Interception;

/// <summary>Configures how a held call waits for its approval (contract §3.2).</summary>
public sealed class StepUpOptions
{
    /// <summary>
    /// Gets or sets how long to wait for the approver: 0 to 7 days, default 15 minutes. With 0 the call is blocked without waiting. A
    /// shorter <see cref="EnforcementDecision.StepUpTimeout"/> of the enforcer overrides this one; a longer one does not.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Gets or sets the time between two polls, varied by ±10 %: 1 ms to 1 hour, default 5 s. Less than a second may exceed the rate
    /// limit of a remote enforcer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.0010000", "01:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets or sets how many calls of one session may be held while their callers go on: 1 to 10,000, default 100. A further one is
    /// refused with <see cref="SdkReasonCodes.TooManyHeldCalls"/>.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxHeldCalls { get; set; } = 100;

    /// <summary>
    /// Gets or sets how many threads may wait for the approvals of synchronous tools, whose callers they block: 1 to 10,000, default
    /// the larger of 16 and 4 × processors. A further call is refused with <see cref="SdkReasonCodes.TooManyWaitingThreads"/>.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxWaitingThreads { get; set; } = Math.Max(16, 4 * Environment.ProcessorCount);

    /// <summary>Gets or sets whether a held call waits or throws. Default: <see cref="StepUpMode.Wait"/>.</summary>
    public StepUpMode Mode { get; set; }
}
