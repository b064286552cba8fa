namespace Thoth.Interception.Health;

/// <summary>Whether the enforcer has been reachable lately, as far as the calls themselves have shown. Nobody is asked for it.</summary>
internal sealed class EnforcerAvailability(TimeProvider time)
{
    /// <summary>One failure, or two, may be chance.</summary>
    private const int Failures = 3;

    // Where no call comes any more nothing would ever show that the enforcer is back.
    private static readonly TimeSpan s_lately = TimeSpan.FromMinutes(1);

    private int _failures;
    private long _lastFailure;

    public bool IsLost =>
        Volatile.Read(ref _failures) >= Failures && time.GetElapsedTime(Volatile.Read(ref _lastFailure)) < s_lately;

    public void Failed()
    {
        Volatile.Write(ref _lastFailure, time.GetTimestamp());
        Interlocked.Increment(ref _failures);
    }

    public void Answered()
    {
        // Read first: calls on many cores must not write one and the same line of memory.
        if (Volatile.Read(ref _failures) != 0)
        {
            Volatile.Write(ref _failures, 0);
        }
    }
}
