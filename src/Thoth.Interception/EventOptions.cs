using System.ComponentModel.DataAnnotations;

namespace Thoth.Interception;

/// <summary>Configures how behavioural events are queued and delivered (contract §5.6).</summary>
public sealed class EventOptions
{
    /// <summary>Gets or sets how many events may wait for each sink. 1 to 10,000,000, default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int QueueCapacity { get; set; } = 100_000;

    /// <summary>
    /// Gets or sets what happens to calls and their events while a queue is full. Default: <see cref="EventQueueFullMode.DropNewest"/>.
    /// The other modes reserve two places for each call and need a <see cref="QueueCapacity"/> of at least 2.
    /// </summary>
    public EventQueueFullMode FullMode { get; set; }

    /// <summary>
    /// Gets or sets how long a call waits for space in a full queue if <see cref="FullMode"/> is <see cref="EventQueueFullMode.Wait"/>.
    /// 0 to 10 minutes, default 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets or sets the largest number of events in a batch. The Thoth API accepts at least 10 (contract §1.4). 1 to 500, default 10.
    /// </summary>
    [Range(1, 500)]
    public int BatchSize { get; set; } = 10;

    /// <summary>
    /// Gets or sets how many batches may be sent to the Thoth API at the same time. With more than 1 they may arrive out of order;
    /// <c>occurred_at</c> has the order. 1 to 64, default 4.
    /// </summary>
    [Range(1, 64)]
    public int MaxConcurrentBatches { get; set; } = 4;

    /// <summary>Gets or sets how long an event may wait for its batch to fill. 0 to 1 minute, default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Gets or sets the size in bytes from which a batch is sent to the Thoth API compressed (gzip), if the API accepts that. 0 to
    /// 2,147,483,647; default <see langword="null"/>: batches are never compressed.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int? CompressionThresholdBytes { get; set; }

    /// <summary>
    /// Gets or sets how long a stopping host, and disposing, wait for queued events to be delivered. An event outbox
    /// has the last fifth of this time, at most 1 second, to close. If the timeout is shorter than 1 second, an outbox still has 1 second
    /// to write and close. 0 to 10 minutes, default 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets or sets a value that tells whether a tool that failed or was cancelled leaves an event (contract §5.1). Default
    /// <see langword="true"/>.
    /// </summary>
    public bool EmitFailures { get; set; } = true;

    /// <summary>Gets or sets how much of the arguments events have. Default: <see cref="EventCapture.Minimal"/>.</summary>
    public EventCapture Capture { get; set; }

    /// <summary>
    /// Gets or sets a value that tells whether the size of a tool's result as JSON is measured (contract §5.4). The result is
    /// serialized on the caller's thread, up to 1 MiB, and discarded. Default <see langword="true"/>.
    /// </summary>
    public bool MeasureResults { get; set; } = true;
}
