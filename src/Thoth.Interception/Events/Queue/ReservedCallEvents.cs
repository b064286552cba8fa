namespace Thoth.Interception.Events.Queue;

/// <summary>
/// Reserves room in every queue before the tool runs: the first event is queued together with a place for the last one, in all
/// queues or in none.
/// </summary>
internal sealed class ReservedCallEvents : CallEvents
{
    private readonly ISinkQueue[] _queues;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly BehavioralEvent _requested;
    private bool _isQueued;
    private bool _holdsPlaces;

    public ReservedCallEvents(ISinkQueue[] queues, EventOptions options, TimeProvider time, BehavioralEvent requested)
    {
        _queues = queues;
        _options = options;
        _time = time;
        _requested = requested;
        if (options.FullMode == EventQueueFullMode.DropNewest)
        {
            Queue();
        }
        else
        {
            TryAdmit();
        }
    }

    public override bool MustBeSecured => true;

    public override async ValueTask<bool> SecureAsync(EnforcementDecision? decision, CancellationToken cancellationToken)
    {
        if (!_isQueued && !TryAdmit())
        {
            if (_options.FullMode == EventQueueFullMode.BlockCalls)
            {
                return false;
            }

            if (!await AdmitAsync(cancellationToken).ConfigureAwait(false))
            {
                Queue();
            }
        }

        foreach (var queue in _queues)
        {
            if (queue.SecuresCalls && !await queue.SecureAsync(_requested, decision, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    public override void End(BehavioralEvent? last)
    {
        // A call that was refused while its first event waited for room still has to record that event.
        if (!_isQueued)
        {
            Queue();
        }

        var holdsPlaces = _holdsPlaces;
        _holdsPlaces = false;
        foreach (var queue in _queues)
        {
            if (last is null)
            {
                queue.Release(holdsPlaces ? 1 : 0);
            }
            else if (holdsPlaces)
            {
                queue.EnqueueReserved(last);
            }
            else
            {
                queue.Enqueue(last);
            }
        }
    }

    private bool TryAdmit()
    {
        for (var i = 0; i < _queues.Length; i++)
        {
            if (!_queues[i].TryReserve(2))
            {
                Release(i);
                return false;
            }
        }

        Admit();
        return true;
    }

    private async ValueTask<bool> AdmitAsync(CancellationToken cancellationToken)
    {
        var startedAt = _time.GetTimestamp();
        var reserved = 0;
        try
        {
            foreach (var queue in _queues)
            {
                if (!await queue.ReserveAsync(2, _options.WaitTimeout - _time.GetElapsedTime(startedAt), cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }

                reserved++;
            }

            Admit();
            reserved = 0;
            return true;
        }
        finally
        {
            Release(reserved);
        }
    }

    private void Admit()
    {
        (_isQueued, _holdsPlaces) = (true, true);
        foreach (var queue in _queues)
        {
            queue.EnqueueReserved(_requested);
        }
    }

    private void Release(int queues)
    {
        for (var i = 0; i < queues; i++)
        {
            _queues[i].Release(2);
        }
    }

    /// <summary>Enqueues the first event in each queue that has room; the others drop and count it.</summary>
    private void Queue()
    {
        _isQueued = true;
        foreach (var queue in _queues)
        {
            queue.Enqueue(_requested);
        }
    }
}
