namespace Thoth.Interception.Threading;

/// <summary>A queue of callers that wait for permits, woken first in, first out.</summary>
internal sealed class AsyncWaitQueue
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiters = [];
    private int _count;

    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Adds a waiter, which freed permits wake until <see cref="Leave"/>.</summary>
    public TaskCompletionSource Join()
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiters.AddLast(waiter);

            // The count is set with a fence: a caller that frees a permit after this sees the waiter.
            Interlocked.Exchange(ref _count, _waiters.Count);
        }

        return waiter;
    }

    /// <summary>Removes a waiter.</summary>
    public void Leave(TaskCompletionSource waiter)
    {
        lock (_lock)
        {
            _waiters.Remove(waiter);
            _count = _waiters.Count;
        }
    }

    /// <summary>Wakes at most one waiter for each permit.</summary>
    public void Wake(int permits)
    {
        if (IsEmpty)
        {
            return;
        }

        lock (_lock)
        {
            for (; permits > 0 && _waiters.First is { } first; permits--)
            {
                _waiters.RemoveFirst();
                first.Value.TrySetResult();
            }

            _count = _waiters.Count;
        }
    }
}
