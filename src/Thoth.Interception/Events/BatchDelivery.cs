using Microsoft.Extensions.Logging;

namespace Thoth.Interception;

/// <summary>Gives batches to every sink and counts what became of them. Used by one reader, so only counting is thread-safe.</summary>
internal sealed class BatchDelivery
{
    private readonly SinkLane[] _lanes;
    private readonly EventCounters _counters;
    private readonly CancellationToken _giveUp;
    private readonly List<Task> _underWay = [];

    public BatchDelivery(IEnumerable<IEventSink> sinks, EventCounters counters, ILogger logger, CancellationToken giveUp)
    {
        _lanes = [.. sinks.Select(sink => new SinkLane(sink, logger, giveUp))];
        _counters = counters;
        _giveUp = giveUp;
    }

    /// <summary>All batches that are under way now.</summary>
    public Task Finished => Task.WhenAll(_underWay);

    /// <summary>Waits until every sink can take one more batch; <see cref="Start"/> must follow.</summary>
    /// <returns><see langword="false"/> where there is nothing to wait for any more.</returns>
    public async ValueTask<bool> HasRoomAsync()
    {
        try
        {
            foreach (var lane in _lanes)
            {
                await lane.HasRoomAsync().ConfigureAwait(false);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <returns>Whether the batch is done with already, so that its list may be used again.</returns>
    public bool Start(List<BehavioralEvent> batch)
    {
        var delivery = DeliverAsync(batch);
        _underWay.RemoveAll(static task => task.IsCompleted);
        if (!delivery.IsCompleted)
        {
            _underWay.Add(delivery.AsTask());
            return false;
        }

        // A sink that has been given up on may still read it.
        return !_giveUp.IsCancellationRequested;
    }

    private async ValueTask DeliverAsync(List<BehavioralEvent> batch)
    {
        // One sink is the rule, and needs no task.
        var others = _lanes.Length == 1 ? [] : StartAllButLast(batch);
        var loss = await _lanes[^1].SendAsync(batch).ConfigureAwait(false);
        foreach (var other in others)
        {
            loss = await other.ConfigureAwait(false) ?? loss;
        }

        if (loss is null)
        {
            _counters.CountSent(batch.Count);
        }
        else
        {
            _counters.CountDropped(loss.Value, batch.Count);
        }
    }

    private Task<EventLoss?>[] StartAllButLast(List<BehavioralEvent> batch) =>
        Array.ConvertAll(_lanes[..^1], lane => lane.SendAsync(batch).AsTask());
}
