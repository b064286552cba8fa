namespace Thoth.Interception.Threading;

/// <summary>The places in a bounded buffer, those that are kept for events to come included.</summary>
internal sealed class CapacityLimiter(int capacity, TimeProvider time)
{
    private readonly AsyncWaitQueue _waiters = new();
    private PaddedCounter _taken;
    private volatile bool _isClosed;
    private bool _toldFull;

    public long Taken => Volatile.Read(ref _taken.Value);

    public double Fill => (double)Taken / capacity;

    /// <summary>No more places are given.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Somebody waits for places now.</summary>
    public bool AreAwaited => !_waiters.IsEmpty;

    public bool TryTake(int places) => TryTake(places, out _);

    /// <param name="places">How many are wanted.</param>
    /// <param name="taken">How many are taken now, these included. Each number is seen once while places are taken one by one.</param>
    /// <returns><see langword="false"/>, and none is taken, where there is no room or no more are given.</returns>
    public bool TryTake(int places, out long taken)
    {
        var before = Taken;
        while (!_isClosed && before + places <= capacity)
        {
            taken = before + places;
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

    /// <summary>The same, waiting for room. It has joined those who wait when it returns and has not ended.</summary>
    /// <returns><see langword="false"/> where there was none in time, or no more are given.</returns>
    public ValueTask<bool> TakeAsync(int places, TimeSpan timeout, CancellationToken cancellationToken) =>
        TryTake(places) ? ValueTask.FromResult(true) : WaitAsync(places, timeout, cancellationToken);

    public void Free(int places)
    {
        if (places > 0)
        {
            Interlocked.Add(ref _taken.Value, -places);
            _waiters.Wake(places);
            if (_toldFull && Fill < 0.5)
            {
                Volatile.Write(ref _toldFull, false);
            }
        }
    }

    /// <summary>
    /// Whether it is worth telling that there is no room: once, until half of the places were free again. A log line for every lost
    /// event would be the next outage.
    /// </summary>
    public bool TellsFull() => !Interlocked.Exchange(ref _toldFull, true);

    /// <summary>No more places are taken, and nobody waits for one.</summary>
    public void Close()
    {
        _isClosed = true;
        _waiters.Wake(int.MaxValue);
    }

    private async ValueTask<bool> WaitAsync(int places, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        while (true)
        {
            // Joined before trying: a place that is freed from now on wakes somebody.
            var turn = _waiters.Join();
            try
            {
                if (TryTake(places))
                {
                    return true;
                }

                var rest = timeout - time.GetElapsedTime(startedAt);
                if (_isClosed || rest <= TimeSpan.Zero)
                {
                    return false;
                }

                await turn.Task.WaitAsync(rest, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return TryTake(places);
            }
            catch (OperationCanceledException)
            {
                // Woken at the same time, maybe: the place is the next one's.
                _waiters.Wake(places);
                throw;
            }
            finally
            {
                _waiters.Leave(turn);
            }
        }
    }
}
