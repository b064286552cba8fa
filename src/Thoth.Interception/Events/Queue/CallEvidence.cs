namespace Thoth.Interception;

/// <summary>
/// The two events of one call where its tool must not run before they are sure of their places: the first is queued together
/// with a place for the last, in every lane or in none.
/// </summary>
internal sealed class CallEvidence
{
    private readonly IEventLane[] _lanes;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly BehavioralEvent _requested;
    private bool _isQueued;
    private bool _holdsPlaces;

    public CallEvidence(IEventLane[] lanes, EventOptions options, TimeProvider time, BehavioralEvent requested)
    {
        _lanes = lanes;
        _options = options;
        _time = time;
        _requested = requested;
        if (options.WhenFull == EventOverflow.DropNewest)
        {
            Queue();
        }
        else
        {
            TryAdmit();
        }
    }

    /// <summary>Called once, when the call has been approved and before its tool runs.</summary>
    /// <returns>Whether the tool may run.</returns>
    public async ValueTask<bool> SecureAsync(EnforcementDecision? decision, CancellationToken cancellationToken)
    {
        if (!_isQueued && !TryAdmit())
        {
            if (_options.WhenFull == EventOverflow.BlockCalls)
            {
                return false;
            }

            if (!await AdmitAsync(cancellationToken).ConfigureAwait(false))
            {
                Queue();
            }
        }

        foreach (var lane in _lanes)
        {
            if (lane.SecuresCalls && !await lane.SecureAsync(_requested, decision, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The call has ended, with an event or, where it leaves none, without.</summary>
    public void End(BehavioralEvent? last)
    {
        // A call that was refused meanwhile has its first event still to tell.
        if (!_isQueued)
        {
            Queue();
        }

        var holdsPlaces = _holdsPlaces;
        _holdsPlaces = false;
        foreach (var lane in _lanes)
        {
            if (last is null)
            {
                lane.Release(holdsPlaces ? 1 : 0);
            }
            else if (holdsPlaces)
            {
                lane.EnqueueReserved(last);
            }
            else
            {
                lane.Enqueue(last);
            }
        }
    }

    private bool TryAdmit()
    {
        for (var i = 0; i < _lanes.Length; i++)
        {
            if (!_lanes[i].TryReserve(2))
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
            foreach (var lane in _lanes)
            {
                if (!await lane.ReserveAsync(2, _options.WaitTimeout - _time.GetElapsedTime(startedAt), cancellationToken).ConfigureAwait(false))
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
        foreach (var lane in _lanes)
        {
            lane.EnqueueReserved(_requested);
        }
    }

    private void Release(int lanes)
    {
        for (var i = 0; i < lanes; i++)
        {
            _lanes[i].Release(2);
        }
    }

    /// <summary>In whichever lane has room; the others drop and count it.</summary>
    private void Queue()
    {
        _isQueued = true;
        foreach (var lane in _lanes)
        {
            lane.Enqueue(_requested);
        }
    }
}
