namespace Thoth.Interception.Events.Queue;

/// <summary>Events that wait for a sink, first in, first out.</summary>
/// <typeparam name="TEvent">The form in which the sink takes them.</typeparam>
internal interface IEventBuffer<TEvent>
{
    int Count { get; }

    void Add(BehavioralEvent behavioralEvent);

    /// <summary>Moves the oldest events to a batch.</summary>
    /// <param name="batch">Where they go.</param>
    /// <param name="most">How many go at most.</param>
    void Take(List<TEvent> batch, int most);
}
