namespace Thoth.Interception;

/// <summary>Represents how events are delivered to one sink.</summary>
public sealed class EventSinkOptions
{
    /// <summary>
    /// Gets or sets how many batches the sink may be given at a time. With more than 1, batches may arrive out of order and on
    /// several threads. 1 to 64, default 1: the next batch follows when the one before is accepted or has failed.
    /// </summary>
    public int MaxConcurrentBatches { get; set; } = 1;

    internal void Validate()
    {
        if (MaxConcurrentBatches is < 1 or > 64)
        {
            throw new ArgumentOutOfRangeException(
                nameof(MaxConcurrentBatches), $"{nameof(EventSinkOptions)}.{nameof(MaxConcurrentBatches)} must be 1 to 64.");
        }
    }
}
