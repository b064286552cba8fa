using System.Runtime.CompilerServices;

namespace Thoth.Interception.Threading;

/// <summary>
/// Where the caller would go on after an await of its own: its synchronization context, else its task scheduler. Without the proxy
/// the tool would start there, so whoever has taken steps that were not bound to it awaits this before the tool's own.
/// </summary>
internal readonly struct CallerContext : ICriticalNotifyCompletion
{
    /// <summary>One of the two; <see langword="null"/> where the caller goes on wherever it is.</summary>
    private readonly object? _context;

    private CallerContext(object? context) => _context = context;

    public static CallerContext Capture() => new(Current);

    /// <summary>Also where the steps before ended on the caller's context by themselves.</summary>
    public bool IsCompleted => _context is null || _context == Current;

    private static object? Current =>
        SynchronizationContext.Current is { } context && context.GetType() != typeof(SynchronizationContext) ? context
        : TaskScheduler.Current != TaskScheduler.Default ? TaskScheduler.Current
        : null;

    public CallerContext GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        if (_context is SynchronizationContext context)
        {
#pragma warning disable VSTHRD001 // What an await on that context does too.
            context.Post(static state => ((Action)state!)(), continuation);
#pragma warning restore VSTHRD001
        }
        else
        {
            _ = Task.Factory.StartNew(continuation, CancellationToken.None, TaskCreationOptions.DenyChildAttach, (TaskScheduler)_context!);
        }
    }
}
