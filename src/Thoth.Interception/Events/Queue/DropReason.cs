namespace Thoth.Interception.Events.Queue;

/// <summary>Why an event was dropped.</summary>
internal enum DropReason
{
    QueueFull,
    SinkFailed,
    Rejected,

    /// <summary>Rejected for its credentials, which somebody may put right: who can wait, waits. Counted as rejected elsewhere.</summary>
    Unauthorized,
    NoCredentials,
    Closed,
}
