namespace Thoth.Interception;

/// <summary>A sink of this library did not deliver a batch, has logged why, and says what the events are to be counted as.</summary>
internal sealed class EventDeliveryException(EventLoss loss) : Exception($"The events were not delivered: {loss}.")
{
    public EventLoss Loss { get; } = loss;
}
