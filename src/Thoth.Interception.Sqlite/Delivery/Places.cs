namespace Thoth.Interception;

/// <summary>The places in a bounded buffer, those that are kept for events to come included.</summary>
internal sealed class Places(int capacity, TimeProvider time)
{
    private readonly RoomWaiters _waiters = new();
    private long _taken;
    private volatile bool _isClosed;

    public double Fill => (double)Interlocked.Read(ref _taken) / capacity;

    public bool TryTake(int places)
    {
        var taken = Interlocked.Read(ref _taken);
        while (!_isClosed && taken + places <= capacity)
        {
            var seen = Interlocked.CompareExchange(ref _taken, taken + places, taken);
            if (seen == taken)
            {
                return true;
            }

            taken = seen;
        }

        return false;
    }

    public async ValueTask<bool> TakeAsync(int places, TimeSpan timeout, CancellationToken cancellationToken)
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

    public void Free(int places)
    {
        if (places > 0)
        {
            Interlocked.Add(ref _taken, -places);
            _waiters.Wake(places);
        }
    }

    /// <summary>No more places are taken, and nobody waits for one.</summary>
    public void Close()
    {
        _isClosed = true;
        _waiters.Wake(int.MaxValue);
    }
}
