using Microsoft.Extensions.Logging;

namespace Thoth.Interception;

/// <summary>One sink with as many batches under way as it takes at a time. Whatever the sink does, nothing here throws but giving up.</summary>
internal sealed class SinkLane(IEventSink sink, ILogger logger, CancellationToken giveUp)
{
    // A substitute of the interface may say 0.
    private readonly SemaphoreSlim _room = new(Math.Max(1, sink.MaxConcurrentBatches));

    /// <summary>Waits until the sink can take one more batch; <see cref="SendAsync"/> must follow.</summary>
    public Task HasRoomAsync() => _room.WaitAsync(giveUp);

    /// <returns>Why the batch is lost to this sink; <see langword="null"/> where it was accepted.</returns>
    public async ValueTask<EventLoss?> SendAsync(IReadOnlyList<BehavioralEvent> batch)
    {
        try
        {
            var sending = sink.SendAsync(batch, giveUp);
            if (sending.IsCompleted)
            {
                await sending.ConfigureAwait(false);
            }
            else
            {
                // A sink may leave its token alone: closing does not depend on it.
                await sending.AsTask().WaitAsync(giveUp).ConfigureAwait(false);
            }

            return null;
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            return EventLoss.Closed;
        }
        catch (EventDeliveryException exception)
        {
            return exception.Loss;
        }
        catch (Exception exception)
        {
            Log.SinkFailed(logger, sink.GetType().Name, exception.GetType().Name, batch.Count);
            Log.SinkFailureDetail(logger, exception);
            return EventLoss.SinkFailed;
        }
        finally
        {
            _room.Release();
        }
    }
}
