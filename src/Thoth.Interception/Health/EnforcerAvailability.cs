namespace Thoth.Interception.Health;

/// <summary>Tracks whether the enforcer is available, from the results of past calls. It sends no probes.</summary>
internal sealed class EnforcerAvailability(TimeProvider time)
{
    /// <summary>Fewer failures in a row may be chance.</summary>
    private const int FailureThreshold = 3;

    // Without further calls nothing would show that the enforcer is back, so a failure counts for this long only.
    private static readonly TimeSpan s_failureLifetime = TimeSpan.FromMinutes(1);

    private int _failures;
    private long _lastFailure;

    public bool IsLost =>
        Volatile.Read(ref _failures) >= FailureThreshold && time.GetElapsedTime(Volatile.Read(ref _lastFailure)) < s_failureLifetime;

    public void Failed()
    {
        Volatile.Write(ref _lastFailure, time.GetTimestamp());
        Interlocked.Increment(ref _failures);
    }

    public void Answered()
    {
        // Read before writing, so that calls on many cores do not contend for one cache line.
        if (Volatile.Read(ref _failures) != 0)
        {
            Volatile.Write(ref _failures, 0);
        }
    }
}
