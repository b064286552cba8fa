namespace Thoth.Interception.Events.Queue;

/// <summary>Holds events that wait for a sink, first in, first out.</summary>
/// <typeparam name="TEvent">The form in which the sink takes events.</typeparam>
internal interface IEventBuffer<TEvent>
{
    int Count { get; }

    void Add(BehavioralEvent behavioralEvent);

    /// <summary>Moves the oldest events to a batch.</summary>
    /// <param name="batch">The batch to add to.</param>
    /// <param name="max">How many events to move at most.</param>
    void Take(List<TEvent> batch, int max);
}
