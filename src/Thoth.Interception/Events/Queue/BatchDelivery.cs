using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;

namespace Thoth.Interception.Events.Queue;

/// <summary>Gives a sink a batch.</summary>
/// <typeparam name="TEvent">The form in which the sink takes events.</typeparam>
internal delegate ValueTask SendBatch<TEvent>(IReadOnlyList<TEvent> events, CancellationToken cancellationToken);

/// <summary>
/// Gives one sink as many batches as it takes at a time, and counts what became of each exactly once, whatever the sink does.
/// Used by one reader; only <see cref="GiveUp"/> may come from elsewhere.
/// </summary>
/// <typeparam name="TEvent">The form in which the sink takes events.</typeparam>
/// <param name="send">Gives the sink a batch.</param>
/// <param name="next">Puts the next batch into a list, where there is one.</param>
/// <param name="most">How many batches the sink takes at a time.</param>
/// <param name="name">Its name in figures.</param>
/// <param name="counters">Where events are counted.</param>
/// <param name="time">Measures.</param>
/// <param name="logger">Is told of failures.</param>
internal sealed class BatchDelivery<TEvent>(
    SendBatch<TEvent> send, Func<List<TEvent>, int, bool> next, int most, string name, EventCounters counters, TimeProvider time, ILogger logger)
{
    private readonly CancellationTokenSource _giveUp = new();
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _settling = new();
    private readonly List<List<TEvent>> _unsettled = [];
    private readonly List<Task> _underWay = [];

    /// <summary>How many batches the sink takes at a time; a substitute of the interface may say 0.</summary>
    public int Most { get; } = Math.Max(1, most);

    /// <summary>How many deliveries are under way.</summary>
    public int UnderWay
    {
        get
        {
            _underWay.RemoveAll(static task => task.IsCompleted);
            return _underWay.Count;
        }
    }

    public bool HasRoom => UnderWay < Most;

    /// <summary>All batches that are under way now, or none any more: a sink may leave its token alone, and closing does not depend on it.</summary>
    public Task Finished => Task.WhenAny(Task.WhenAll(_underWay), _givenUp.Task);

    /// <summary>Waits until the sink can take one more batch.</summary>
    /// <returns><see langword="false"/> where there is nothing to wait for any more.</returns>
    public async ValueTask<bool> HasRoomAsync()
    {
        while (!HasRoom && !_givenUp.Task.IsCompleted)
        {
            // The reader goes on where a batch has just ended, and need not queue for a thread behind the calls.
            await Task.WhenAny([.. _underWay, _givenUp.Task]).ConfigureAwait(false);
        }

        return !_givenUp.Task.IsCompleted;
    }

    /// <summary>Sends a batch, and further ones in its place as long as there are some.</summary>
    /// <param name="batch">The events.</param>
    /// <param name="turn">What the next batches are asked for with.</param>
    /// <param name="another">
    /// Another one is to follow at once: where the sink takes both at a time, this one is written on a thread of its own meanwhile.
    /// </param>
    public void Start(List<TEvent> batch, int turn, bool another)
    {
        if (!TryBegin(batch))
        {
            return;
        }

        var delivery = another && _underWay.Count + 1 < Most ? DeliverBesideAsync(batch, turn) : DeliverAsync(batch, turn, mayGoOn: false);
        if (!delivery.IsCompleted)
        {
            _underWay.Add(delivery);
        }
    }

    /// <summary>Whatever is under way now is lost. It depends neither on the sink nor on the reader, whose thread the sink may hold.</summary>
    public void GiveUp()
    {
        List<TEvent>[] unsettled;
        lock (_settling)
        {
            _givenUp.TrySetResult();
            unsettled = [.. _unsettled];
        }

        Array.ForEach(unsettled, batch => Settle(batch, DropReason.Closed));

        // Not awaited: what a sink does about it must not keep closing from its end.
        _ = _giveUp.CancelAsync();
    }

    private async Task DeliverBesideAsync(List<TEvent> batch, int turn)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await DeliverAsync(batch, turn, mayGoOn: true).ConfigureAwait(false);
    }

    /// <summary>Not on the reader's own thread does it go on: the reader has other things to see to.</summary>
    private async Task DeliverAsync(List<TEvent> batch, int turn, bool mayGoOn)
    {
        do
        {
            var startedAt = EventMetrics.MeasuresBatches ? time.GetTimestamp() : 0;
            try
            {
                var sending = send(batch, _giveUp.Token);
                mayGoOn |= !sending.IsCompleted;
                await sending.ConfigureAwait(false);
                Settle(batch, loss: null);
            }
            catch (OperationCanceledException) when (_giveUp.IsCancellationRequested)
            {
                Settle(batch, DropReason.Closed);
            }
            catch (EventDeliveryException exception)
            {
                Settle(batch, exception.Parts);
            }
            catch (Exception exception)
            {
                Log.SinkFailed(logger, name, exception.GetType().Name, batch.Count);
                Log.SinkFailureDetail(logger, exception);
                Settle(batch, DropReason.SinkFailed);
            }

            if (startedAt != 0)
            {
                EventMetrics.RecordBatch(name, batch.Count, time.GetElapsedTime(startedAt));
            }
        }
        while (mayGoOn && TryGoOn(batch, turn));
    }

    /// <summary>The sink is done with the batch: its list takes the next one.</summary>
    private bool TryGoOn(List<TEvent> batch, int turn)
    {
        if (_givenUp.Task.IsCompleted)
        {
            return false;
        }

        batch.Clear();
        return next(batch, turn) && TryBegin(batch);
    }

    private bool TryBegin(List<TEvent> batch)
    {
        lock (_settling)
        {
            _unsettled.Add(batch);
        }

        if (!_givenUp.Task.IsCompleted)
        {
            return true;
        }

        Settle(batch, DropReason.Closed);
        return false;
    }

    private void Settle(List<TEvent> batch, DropReason? loss)
    {
        if (TryTake(batch))
        {
            counters.Count(new BatchPart(batch.Count, loss));
        }
    }

    private void Settle(List<TEvent> batch, IReadOnlyList<BatchPart> parts)
    {
        if (TryTake(batch))
        {
            foreach (var part in parts)
            {
                counters.Count(part);
            }
        }
    }

    /// <summary>Whoever takes a batch out counts it; nobody else does.</summary>
    private bool TryTake(List<TEvent> batch)
    {
        lock (_settling)
        {
            return _unsettled.Remove(batch);
        }
    }
}
