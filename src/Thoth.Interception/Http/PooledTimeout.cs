using Thoth.Interception.Threading;

namespace Thoth.Interception.Http;

/// <summary>Cancels one exchange when its time is over or its caller cancels.</summary>
internal readonly struct PooledTimeout : IDisposable
{
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

        // A source that was not cancelled serves again: everything that saw its token belongs to this exchange, which has ended.
        if (!_isReusable || !_source.TryReset() || !ThreadCache<CancellationTokenSource>.TryKeep(_source))
        {
            _source.Dispose();
        }
    }

    private static CancellationTokenSource Rent(TimeSpan limit)
    {
        if (ThreadCache<CancellationTokenSource>.Take() is not { } source)
        {
            return new CancellationTokenSource(limit);
        }

        source.CancelAfter(limit);
        return source;
    }
}
