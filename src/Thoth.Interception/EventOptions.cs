using System.ComponentModel.DataAnnotations;

namespace Thoth.Interception;

/// <summary>How behavioural events are queued and delivered (contract §5.6).</summary>
public sealed class EventOptions
{
    /// <summary>How many events may wait for each sink. 1 to 10,000,000, default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int QueueCapacity { get; set; } = 100_000;

    /// <summary>
    /// What happens to calls and their events while a queue is full. Default: <see cref="EventQueueFullMode.DropNewest"/>. The others
    /// keep two places for each call and need a <see cref="QueueCapacity"/> of at least 2.
    /// </summary>
    public EventQueueFullMode FullMode { get; set; }

    /// <summary>
    /// How long a call waits for room in a full queue where <see cref="FullMode"/> is <see cref="EventQueueFullMode.Wait"/>. 0 to 10
    /// minutes, default 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many events a sink is given at a time; the Thoth API takes 10 for certain (contract §1.4). 1 to 500, default 10.</summary>
    [Range(1, 500)]
    public int BatchSize { get; set; } = 10;

    /// <summary>
    /// How many batches may be on their way to the Thoth API at a time where many events wait. With more than 1 they may arrive
    /// out of order; <c>occurred_at</c> tells it. 1 to 64, default 4.
    /// </summary>
    [Range(1, 64)]
    public int MaxConcurrentBatches { get; set; } = 4;

    /// <summary>How long an event may wait for its batch to fill. 0 to 1 minute, default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How large a batch must be, in bytes, to be sent to the Thoth API compressed (gzip), where the API takes that. 0 or more;
    /// default <see langword="null"/>, never.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int? CompressionThresholdBytes { get; set; }

    /// <summary>How long a stopping host and disposing wait for queued events to be delivered. 0 to 10 minutes, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a tool that failed or was cancelled leaves an event (contract §5.1). Default <see langword="true"/>.</summary>
    public bool EmitFailures { get; set; } = true;

    /// <summary>What events tell about arguments. Default: <see cref="EventCapture.Minimal"/>.</summary>
    public EventCapture Capture { get; set; }

    /// <summary>
    /// Whether the size of a tool's result as JSON is measured (contract §5.4). It is rendered on the caller's thread, up
    /// to 1 MiB, and thrown away. Default <see langword="true"/>.
    /// </summary>
    public bool MeasureResults { get; set; } = true;
}
