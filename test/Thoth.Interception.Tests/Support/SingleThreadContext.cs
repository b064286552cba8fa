using System.Collections.Concurrent;

namespace Thoth.Interception.Tests.Support;

/// <summary>A thread that runs everything posted to it one after the other, as a user interface's thread does.</summary>
internal sealed class SingleThreadContext : SynchronizationContext
{
    /// <summary>A deadlock is a failure of the test, not of the build machine.</summary>
    private static readonly TimeSpan s_deadlock = TimeSpan.FromSeconds(60);

    private readonly BlockingCollection<(SendOrPostCallback Work, object? State)> _work = [];

    /// <summary>Runs the body on a thread of its own with this kind of context.</summary>
    public static Task<T> RunAsync<T>(Func<Task<T>> body)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            var context = new SingleThreadContext();
            SetSynchronizationContext(context);
            _ = context.CompleteAsync(body, result);
            foreach (var (work, state) in context._work.GetConsumingEnumerable())
            {
                work(state);
            }
        })
        { IsBackground = true };
        thread.Start();
        return result.Task.WaitAsync(s_deadlock);
    }

    /// <summary>Runs the body where only one task runs at a time, and none while one of them blocks.</summary>
    public static Task<T> RunExclusivelyAsync<T>(Func<Task<T>> body) =>
        Task.Factory.StartNew(
            body, CancellationToken.None, TaskCreationOptions.DenyChildAttach, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler)
            .Unwrap().WaitAsync(s_deadlock);

    public override void Post(SendOrPostCallback d, object? state)
    {
        try
        {
            _work.Add((d, state));
        }
        catch (InvalidOperationException)
        {
            // The body has ended: later work is not awaited.
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

    private async Task CompleteAsync<T>(Func<Task<T>> body, TaskCompletionSource<T> result)
    {
        try
        {
            result.SetResult(await body());
        }
        catch (Exception exception)
        {
            result.SetException(exception);
        }
        finally
        {
            _work.CompleteAdding();
        }
    }
}
