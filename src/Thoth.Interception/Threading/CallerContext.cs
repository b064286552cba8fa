using System.Runtime.CompilerServices;

namespace Thoth.Interception.Threading;

/// <summary>
/// The context in which the caller would continue after an await: its synchronization context, else its task scheduler. Without the
/// proxy the tool would start there, so code that has left the context awaits this before it starts the tool.
/// </summary>
internal readonly struct CallerContext : ICriticalNotifyCompletion
{
    /// <summary>A synchronization context or a task scheduler; <see langword="null"/> if the caller continues on any thread.</summary>
    private readonly object? _context;

    private CallerContext(object? context) => _context = context;

    /// <summary>Captures the current context.</summary>
    public static CallerContext Capture() => new(Current);

    /// <summary>Whether the current code runs in the caller's context already.</summary>
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
#pragma warning disable VSTHRD001 // An await in that context posts too.
            context.Post(static state => ((Action)state!)(), continuation);
#pragma warning restore VSTHRD001
        }
        else
        {
            _ = Task.Factory.StartNew(continuation, CancellationToken.None, TaskCreationOptions.DenyChildAttach, (TaskScheduler)_context!);
        }
    }
}
