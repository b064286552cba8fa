using System.Collections.Concurrent;

namespace Thoth.Interception;

/// <summary>Keeps the newest events in memory, up to a limit. For tests and samples.</summary>
/// <example>
/// <code>
/// var sink = new InMemoryEventSink();
/// services.AddThoth().AddEventSink(sink);
/// </code>
/// </example>
public sealed class InMemoryEventSink : IEventSink
{
    private readonly ConcurrentQueue<BehavioralEvent> _events = new();
    private readonly int _capacity;

    /// <summary>Creates a sink.</summary>
    /// <param name="capacity">How many events are kept; the oldest are removed first. At least 1, default 100,000.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than 1.</exception>
    public InMemoryEventSink(int capacity = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    /// <summary>Gets the kept events as they are now, oldest first.</summary>
    public IReadOnlyList<BehavioralEvent> Events => [.. _events];

    /// <inheritdoc/>
    public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        foreach (var behavioralEvent in events)
        {
            _events.Enqueue(behavioralEvent);
        }

        while (_events.Count > _capacity)
        {
            _events.TryDequeue(out _);
        }

        return ValueTask.CompletedTask;
    }
}
