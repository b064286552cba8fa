namespace Thoth.Interception.Threading;

/// <summary>Limits the permits of a bounded buffer, including those that are reserved for later events.</summary>
internal sealed class CapacityLimiter(int capacity, TimeProvider time)
{
    private readonly AsyncWaitQueue _waiters = new();
    private PaddedCounter _taken;
    private volatile bool _isClosed;
    private bool _hasLoggedFull;

    public long Taken => Volatile.Read(ref _taken.Value);

    public double Fill => (double)Taken / capacity;

    /// <summary>Whether permits are refused, because the limiter was closed.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Whether a caller waits for permits now.</summary>
    public bool HasWaiters => !_waiters.IsEmpty;

    /// <summary>Takes permits if they are free.</summary>
    public bool TryTake(int permits) => TryTake(permits, out _);

    /// <summary>Takes permits if they are free.</summary>
    /// <param name="permits">The number of permits.</param>
    /// <param name="taken">The number of permits in use, including these. Each number occurs once while permits are taken one by one.</param>
    /// <returns><see langword="false"/>, and no permit is taken, if too few are free or the limiter is closed.</returns>
    public bool TryTake(int permits, out long taken)
    {
        var before = Taken;
        while (!_isClosed && before + permits <= capacity)
        {
            taken = before + permits;
            var seen = Interlocked.CompareExchange(ref _taken.Value, taken, before);
            if (seen == before)
            {
                return true;
            }

            before = seen;
        }

        taken = before;
        return false;
    }

    /// <summary>Takes permits and waits for them if necessary. If the returned task has not completed, the caller has joined the wait queue.</summary>
    /// <returns><see langword="false"/> if too few were free in time or the limiter is closed.</returns>
    public ValueTask<bool> TakeAsync(int permits, TimeSpan timeout, CancellationToken cancellationToken) =>
        TryTake(permits) ? ValueTask.FromResult(true) : WaitAsync(permits, timeout, cancellationToken);

    /// <summary>Frees permits and wakes waiters.</summary>
    public void Free(int permits)
    {
        if (permits > 0)
        {
            Interlocked.Add(ref _taken.Value, -permits);
            _waiters.Wake(permits);
            if (_hasLoggedFull && Fill < 0.5)
            {
                Volatile.Write(ref _hasLoggedFull, false);
            }
        }
    }

    /// <summary>
    /// Whether to log that no permit is free: once, until half of the permits are free again. A log line for every dropped event could
    /// cause the next outage.
    /// </summary>
    public bool ShouldLogFull() => !Interlocked.Exchange(ref _hasLoggedFull, true);

    /// <summary>Refuses further permits and wakes all waiters.</summary>
    public void Close()
    {
        _isClosed = true;
        _waiters.Wake(int.MaxValue);
    }

    private async ValueTask<bool> WaitAsync(int permits, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        while (true)
        {
            // This caller joins before it tries: a permit that another caller frees after the failed attempt wakes a waiter.
            var waiter = _waiters.Join();
            try
            {
                if (TryTake(permits))
                {
                    return true;
                }

                var remaining = timeout - time.GetElapsedTime(startedAt);
                if (_isClosed || remaining <= TimeSpan.Zero)
                {
                    return false;
                }

                await waiter.Task.WaitAsync(remaining, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return TryTake(permits);
            }
            catch (OperationCanceledException)
            {
                // A freed permit may have woken this waiter at the same time; another waiter gets it.
                _waiters.Wake(permits);
                throw;
            }
            finally
            {
                _waiters.Leave(waiter);
            }
        }
    }
}
