namespace Thoth.Interception.Threading;

/// <summary>
/// The caller's ambient values: async-locals, the culture and the current activity. What an enforcer sets before its first
/// await, or in a method that is not async, would stay with the caller and be seen by the tool.
/// </summary>
internal readonly struct AmbientContext
{
    private readonly ExecutionContext? _callers;

    private AmbientContext(ExecutionContext? callers) => _callers = callers;

    /// <summary>Nothing is captured where the caller has suppressed the flow of its values.</summary>
    public static AmbientContext Capture() => new(ExecutionContext.Capture());

    /// <summary>Puts back what has been changed since; on the same thread.</summary>
    public void Restore()
    {
        if (_callers is not null && ExecutionContext.Capture() != _callers)
        {
            ExecutionContext.Restore(_callers);
        }
    }
}
