namespace Thoth.Interception.Threading;

/// <summary>
/// Waits for asynchronous work on behalf of a synchronous tool; no other code blocks. The work runs without a synchronization context,
/// so it cannot wait for the blocked thread or its scheduler.
/// </summary>
internal static class SynchronousWait
{
    /// <summary>Runs work on the thread pool and waits for it.</summary>
    public static TResult For<TState, TResult>(Func<TState, ValueTask<TResult>> work, TState state)
    {
        // The blocked thread may run the queued work itself. With its context still set, continuations would be posted to the
        // thread that waits for them.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var task = Task.Run(() => work(state).AsTask());
#pragma warning disable RS0030, VSTHRD002 // Blocking is this method's purpose; the comment above says why it is safe.
            return task.GetAwaiter().GetResult();
#pragma warning restore RS0030, VSTHRD002
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>
    /// Waits for work of this library that mostly completes synchronously: it starts on the caller's thread and never returns to the
    /// caller's context or scheduler.
    /// </summary>
    public static void ForMostlyCompleted<TState>(Func<TState, ValueTask> work, TState state)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
#pragma warning disable RS0030, VSTHRD002 // Blocking is this method's purpose.
            work(state).AsTask().GetAwaiter().GetResult();
#pragma warning restore RS0030, VSTHRD002
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
