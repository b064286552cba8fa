using System.Collections.Concurrent;
using Thoth.Interception;

namespace QuickStart;

/// <summary>Stores the batches of events as they arrive. A real sink would send them to an audit store.</summary>
internal sealed class EvidenceSink : IEventSink
{
    private readonly ConcurrentQueue<BehavioralEvent[]> _batches = new();

    public IReadOnlyList<IReadOnlyList<BehavioralEvent>> Batches => [.. _batches];

    public IReadOnlyList<BehavioralEvent> Events => [.. _batches.SelectMany(batch => batch)];

    public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        // The pipeline reuses the list, so its elements are copied.
        _batches.Enqueue([.. events]);
        return ValueTask.CompletedTask;
    }
}
