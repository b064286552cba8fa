namespace Thoth.Interception.Threading;

/// <summary>
/// The caller's ambient values: async-locals, the culture and the current activity. Values that an enforcer sets before its first await,
/// or in a method that is not async, would otherwise stay with the caller and reach the tool.
/// </summary>
internal readonly struct AmbientContext
{
    private readonly ExecutionContext? _captured;

    private AmbientContext(ExecutionContext? captured) => _captured = captured;

    /// <summary>Captures the values, or nothing if the caller has suppressed their flow.</summary>
    public static AmbientContext Capture() => new(ExecutionContext.Capture());

    /// <summary>Restores the values that changed since, on the same thread.</summary>
    public void Restore()
    {
        if (_captured is not null && ExecutionContext.Capture() != _captured)
        {
            ExecutionContext.Restore(_captured);
        }
    }
}
