namespace Thoth.Interception.Events.Queue;

/// <summary>Completes flushes: each waits until all records up to its number have been sent or dropped.</summary>
internal sealed class FlushTracker
{
    private readonly Lock _lock = new();

    // In ascending order, since batches start in the order of their records.
    private readonly List<long> _running = [];
    private readonly List<(long Sequence, TaskCompletionSource Done)> _flushes = [];
    private long _readTo;

    /// <summary>Gets whether a flush waits for records that are not read yet.</summary>
    public bool AreWaiting
    {
        get
        {
            lock (_lock)
            {
                return _flushes.Exists(flush => flush.Sequence > _readTo);
            }
        }
    }

    /// <summary>Gets the newest record that a flush waits for; 0 without a flush.</summary>
    public long Last
    {
        get
        {
            lock (_lock)
            {
                return _flushes.Count == 0 ? 0 : _flushes.Max(static flush => flush.Sequence);
            }
        }
    }

    /// <returns>A task that completes when all records up to this one have been sent or dropped.</returns>
    public Task Add(long sequence)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _flushes.Add((sequence, done));
            Complete();
        }

        return done.Task;
    }

    /// <summary>Records that a batch with this first record is being sent, and that all records up to the other are read.</summary>
    public void Start(long first, long readTo)
    {
        lock (_lock)
        {
            _running.Add(first);
            _readTo = Math.Max(_readTo, readTo);
            Complete();
        }
    }

    /// <summary>Records that all records up to this one are read.</summary>
    public void ReadTo(long sequence)
    {
        lock (_lock)
        {
            _readTo = Math.Max(_readTo, sequence);
            Complete();
        }
    }

    /// <summary>Records that the batch with this first record has ended.</summary>
    public void End(long first)
    {
        lock (_lock)
        {
            _running.Remove(first);
            Complete();
        }
    }

    private void Complete()
    {
        var end = _running.Count == 0 ? _readTo : Math.Min(_readTo, _running[0] - 1);
        for (var i = _flushes.Count - 1; i >= 0; i--)
        {
            if (_flushes[i].Sequence <= end)
            {
                _flushes[i].Done.TrySetResult();
                _flushes.RemoveAt(i);
            }
        }
    }
}
