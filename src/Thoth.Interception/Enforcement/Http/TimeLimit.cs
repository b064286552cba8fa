namespace Thoth.Interception;

/// <summary>Ends one exchange: at the caller's wish or when its time is over.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;

    public TimeLimit(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        _source = new CancellationTokenSource(limit, time);

        // One source for both: who it was is seen by the caller's own token.
        _caller = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        // First of all, and waiting for a callback that runs: it must not find a source that was disposed.
        _caller.Dispose();
        _source.Dispose();
    }
}
