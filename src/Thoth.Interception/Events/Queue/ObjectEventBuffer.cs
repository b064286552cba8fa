using System.Collections.Concurrent;

namespace Thoth.Interception.Events.Queue;

/// <summary>Events that wait as they are.</summary>
internal sealed class ObjectEventBuffer : IEventBuffer<BehavioralEvent>
{
    private readonly ConcurrentQueue<BehavioralEvent> _events = new();

    public int Count => _events.Count;

    public void Add(BehavioralEvent behavioralEvent) => _events.Enqueue(behavioralEvent);

    public void Take(List<BehavioralEvent> batch, int most)
    {
        for (; most > 0 && _events.TryDequeue(out var waiting); most--)
        {
            batch.Add(waiting);
        }
    }
}
