namespace Thoth.Interception.Http;

/// <summary>Ends one exchange: at the caller's wish or when its time is over.</summary>
internal readonly struct PooledTimeout : IDisposable
{
    /// <summary>A source that neither time nor a caller has used up. Whoever saw its token has ended its exchange.</summary>
    [ThreadStatic]
    private static CancellationTokenSource? t_unused;

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;
    private readonly bool _isReusable;

    public PooledTimeout(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        // Only a source on the system's clock can be set back.
        _isReusable = time == TimeProvider.System;
        _source = _isReusable ? Unused(limit) : new CancellationTokenSource(limit, time);

        // One source for both: who it was is seen by the caller's own token.
        _caller = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        // First of all, and waiting for a callback that runs: it must not find a source that was disposed, or is another's.
        _caller.Dispose();
        if (_isReusable && t_unused is null && _source.TryReset())
        {
            t_unused = _source;
        }
        else
        {
            _source.Dispose();
        }
    }

    private static CancellationTokenSource Unused(TimeSpan limit)
    {
        if (t_unused is not { } source)
        {
            return new CancellationTokenSource(limit);
        }

        t_unused = null;
        source.CancelAfter(limit);
        return source;
    }
}
