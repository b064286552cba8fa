namespace Thoth.Interception;

/// <summary>Why an event was dropped.</summary>
internal enum EventLoss
{
    QueueFull,
    SinkFailed,
    Rejected,
    NoCredentials,
    Closed,
}
