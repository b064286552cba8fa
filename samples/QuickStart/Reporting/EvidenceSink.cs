using System.Collections.Concurrent;
using Thoth.Interception;

namespace QuickStart;

/// <summary>Keeps the batches of events as they come. Yours would send them to where evidence is kept.</summary>
internal sealed class EvidenceSink : IEventSink
{
    private readonly ConcurrentQueue<BehavioralEvent[]> _batches = new();

    public IReadOnlyList<IReadOnlyList<BehavioralEvent>> Batches => [.. _batches];

    public IReadOnlyList<BehavioralEvent> Events => [.. _batches.SelectMany(batch => batch)];

    public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        // The list is the pipeline's own and is used again.
        _batches.Enqueue([.. events]);
        return ValueTask.CompletedTask;
    }
}
