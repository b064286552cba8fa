namespace Thoth.Interception.Events.Queue;

/// <summary>Completes flushes: each waits until everything up to a number is done with.</summary>
internal sealed class FlushTracker
{
    private readonly Lock _lock = new();
    // In ascending order, since batches start in the order of their records.
    private readonly List<long> _underWay = [];
    private readonly List<(long Sequence, TaskCompletionSource Done)> _marks = [];
    private long _readTo;

    /// <summary>Somebody waits for records that were not read yet.</summary>
    public bool AreWaiting
    {
        get
        {
            lock (_lock)
            {
                return _marks.Exists(mark => mark.Sequence > _readTo);
            }
        }
    }

    /// <summary>The newest record that somebody waits for.</summary>
    public long Last
    {
        get
        {
            lock (_lock)
            {
                return _marks.Count == 0 ? 0 : _marks.Max(static mark => mark.Sequence);
            }
        }
    }

    public Task Add(long sequence)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _marks.Add((sequence, done));
            Complete();
        }

        return done.Task;
    }

    /// <summary>A batch that begins with this record is under way, and there is nothing more to read up to the other.</summary>
    public void Start(long first, long readTo)
    {
        lock (_lock)
        {
            _underWay.Add(first);
            _readTo = Math.Max(_readTo, readTo);
            Complete();
        }
    }

    /// <summary>Nothing waits up to this record.</summary>
    public void ReadTo(long sequence)
    {
        lock (_lock)
        {
            _readTo = Math.Max(_readTo, sequence);
            Complete();
        }
    }

    public void End(long first)
    {
        lock (_lock)
        {
            _underWay.Remove(first);
            Complete();
        }
    }

    private void Complete()
    {
        var end = _underWay.Count == 0 ? _readTo : Math.Min(_readTo, _underWay[0] - 1);
        for (var i = _marks.Count - 1; i >= 0; i--)
        {
            if (_marks[i].Sequence <= end)
            {
                _marks[i].Done.TrySetResult();
                _marks.RemoveAt(i);
            }
        }
    }
}
