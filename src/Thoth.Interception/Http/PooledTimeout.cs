namespace Thoth.Interception.Http;

/// <summary>Cancels one exchange when its time is over or its caller cancels.</summary>
internal readonly struct PooledTimeout : IDisposable
{
    /// <summary>A source that was never cancelled and whose exchange has ended.</summary>
    [ThreadStatic]
    private static CancellationTokenSource? t_pooled;

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;
    private readonly bool _isReusable;

    public PooledTimeout(TimeSpan limit, TimeProvider time, CancellationToken caller)
    {
        // Only a source on the system's clock can be reset.
        _isReusable = time == TimeProvider.System;
        _source = _isReusable ? Rent(limit) : new CancellationTokenSource(limit, time);

        // One source serves timeout and cancellation; the caller's token tells which one happened.
        _caller = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        // Disposed first, which waits for a running callback: afterwards the source may be disposed or serve another exchange.
        _caller.Dispose();
        if (_isReusable && t_pooled is null && _source.TryReset())
        {
            t_pooled = _source;
        }
        else
        {
            _source.Dispose();
        }
    }

    private static CancellationTokenSource Rent(TimeSpan limit)
    {
        if (t_pooled is not { } source)
        {
            return new CancellationTokenSource(limit);
        }

        t_pooled = null;
        source.CancelAfter(limit);
        return source;
    }
}
