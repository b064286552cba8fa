using System.Collections.Concurrent;

namespace Thoth.Interception.Events.Queue;

/// <summary>Holds events as objects.</summary>
internal sealed class ObjectEventBuffer : IEventBuffer<BehavioralEvent>
{
    private readonly ConcurrentQueue<BehavioralEvent> _events = new();

    public int Count => _events.Count;

    public void Add(BehavioralEvent behavioralEvent) => _events.Enqueue(behavioralEvent);

    public void Take(List<BehavioralEvent> batch, int max)
    {
        for (; max > 0 && _events.TryDequeue(out var waiting); max--)
        {
            batch.Add(waiting);
        }
    }
}
