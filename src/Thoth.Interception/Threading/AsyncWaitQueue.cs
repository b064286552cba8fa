namespace Thoth.Interception.Threading;

/// <summary>Those who wait for places in a full queue, woken in the order in which they came.</summary>
internal sealed class AsyncWaitQueue
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _turns = [];
    private int _count;

    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>From now on freed places wake it, until <see cref="Leave"/>.</summary>
    public TaskCompletionSource Join()
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _turns.AddLast(turn);

            // Counted with a fence: whoever frees a place after this sees that somebody waits.
            Interlocked.Exchange(ref _count, _turns.Count);
        }

        return turn;
    }

    public void Leave(TaskCompletionSource turn)
    {
        lock (_lock)
        {
            _turns.Remove(turn);
            _count = _turns.Count;
        }
    }

    /// <summary>Wakes as many as may have room now.</summary>
    public void Wake(int places)
    {
        if (IsEmpty)
        {
            return;
        }

        lock (_lock)
        {
            for (; places > 0 && _turns.First is { } first; places--)
            {
                _turns.RemoveFirst();
                first.Value.TrySetResult();
            }

            _count = _turns.Count;
        }
    }
}
