namespace Thoth.Interception.Threading;

/// <summary>
/// The one place where a synchronous tool waits for asynchronous work. The work starts on the thread pool with no
/// synchronization context, so it cannot wait for the caller's own thread or scheduler.
/// </summary>
internal static class SynchronousWait
{
    public static TResult For<TState, TResult>(Func<TState, ValueTask<TResult>> work, TState state)
    {
        // The blocked thread may pick the queued work up itself; without its context cleared, the work's continuations
        // would then be posted to the very thread that waits for them.
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
    /// For work of this library that is mostly done at once: it begins on the caller's thread, and never comes back to the
    /// caller's context or scheduler.
    /// </summary>
    public static void ForMostlyDone<TState>(Func<TState, ValueTask> work, TState state)
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
