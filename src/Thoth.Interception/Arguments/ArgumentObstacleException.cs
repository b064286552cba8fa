namespace Thoth.Interception.Arguments;

/// <summary>
/// Says why a value cannot be shown, and what to do about it. The serializer wraps its own kinds of exception; this one passes it
/// unchanged.
/// </summary>
/// <param name="message">The reason and the way out. It names members and types, never a value.</param>
/// <param name="offset">Where the fault is in the JSON of the argument, if it was found there; else -1.</param>
internal sealed class ArgumentObstacleException(string message, int offset = -1) : Exception(message)
{
    public int Offset { get; } = offset;
}
