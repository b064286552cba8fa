namespace Thoth.Interception.Events.Queue;

/// <summary>Specifies why an event was dropped.</summary>
internal enum DropReason
{
    QueueFull,
    SinkFailed,
    Rejected,

    /// <summary>Rejected because of its credentials, which may be corrected later: an outbox retries, other queues count it as rejected.</summary>
    Unauthorized,
    NoCredentials,
    Closed,
}
