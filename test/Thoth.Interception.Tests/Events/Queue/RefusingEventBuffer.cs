using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.Tests.Events.Queue;

/// <summary>Keeps no event.</summary>
internal sealed class RefusingEventBuffer : IEventBuffer<BehavioralEvent>
{
    public int Count => 0;

    public void Add(BehavioralEvent behavioralEvent) => throw new InvalidOperationException();

    public void Take(List<BehavioralEvent> batch, int most)
    {
        // It has none.
    }
}
