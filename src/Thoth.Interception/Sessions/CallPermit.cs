using System.Reflection;

namespace Thoth.Interception.Sessions;

/// <summary>
/// Lets one call of a governed method run that was decided before, once, while its decision runs. It is a part of the flow's
/// <see cref="SessionScope"/>.
/// </summary>
/// <param name="session">The session of the decided call.</param>
/// <param name="method">The governed method.</param>
/// <param name="toolName">The tool's name.</param>
/// <param name="values">The approved values.</param>
/// <param name="arguments">The approved values as JSON.</param>
internal sealed class CallPermit(ThothSession session, MethodInfo method, string toolName, object?[] values, ReadOnlyMemory<byte> arguments) : IDisposable
{
    private bool _used;
    private volatile bool _ended;

    public ThothSession Session { get; } = session;

    public MethodInfo Method { get; } = method;

    public string ToolName { get; } = toolName;

    public IReadOnlyList<object?> Values { get; } = values;

    public ReadOnlyMemory<byte> Arguments { get; } = arguments;

    /// <summary>Gets whether the decided call still runs.</summary>
    public bool IsRunning => !_ended;

    /// <summary>Uses the permit. Returns <see langword="false"/> if it was used, or if the decision no longer runs.</summary>
    public bool TryUse() => !Interlocked.Exchange(ref _used, true);

    /// <summary>Ends the permit: the tool has ended, and what it left running is decided by itself.</summary>
    public void Dispose() => _used = _ended = true;
}
