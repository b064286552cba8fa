namespace Thoth.Interception.LocalPolicy;

/// <summary>How the embedded enforcer treats its policy file and the calls that it holds.</summary>
public sealed class LocalPolicyOptions
{
    /// <summary>
    /// Whether a change of the file takes effect while the process runs. A version that cannot be loaded is refused and
    /// logged, and the one before stays. Default <see langword="true"/>.
    /// </summary>
    public bool ReloadOnChange { get; set; } = true;

    /// <summary>
    /// How long the file must be quiet before it is read again, so that a half-written one is not. 0 to 1 minute, default
    /// 250 ms.
    /// </summary>
    public TimeSpan ReloadDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How long a call is held where its rule names no <c>timeout_seconds</c>. The caller waits no longer than
    /// <see cref="StepUpOptions.Timeout"/> in any case. 1 second to 1 day, default 1 hour.
    /// </summary>
    public TimeSpan HoldLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many calls may be held at the same time; a further one is blocked. 1 to 1,000,000, default 10,000.</summary>
    public int MaxHolds { get; set; } = 10_000;

    /// <summary>
    /// How long a hold outlives the last caller that gave up waiting for it: long enough for a caller that asks again and
    /// again, short enough that nobody is asked about a call that is gone.
    /// </summary>
    internal static TimeSpan AbandonedHoldLifetime { get; } = TimeSpan.FromSeconds(30);

    internal void Validate()
    {
        ThrowUnless(ReloadDelay >= TimeSpan.Zero && ReloadDelay <= TimeSpan.FromMinutes(1), nameof(ReloadDelay), "0 to 1 minute");
        ThrowUnless(HoldLifetime >= TimeSpan.FromSeconds(1) && HoldLifetime <= TimeSpan.FromDays(1), nameof(HoldLifetime), "1 second to 1 day");
        ThrowUnless(MaxHolds is >= 1 and <= 1_000_000, nameof(MaxHolds), "1 to 1,000,000");
    }

    private static void ThrowUnless(bool valid, string name, string range)
    {
        if (!valid)
        {
            throw new ArgumentOutOfRangeException(name, $"{nameof(LocalPolicyOptions)}.{name} must be {range}.");
        }
    }
}
