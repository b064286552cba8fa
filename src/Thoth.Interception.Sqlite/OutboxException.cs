namespace Thoth.Interception.Sqlite;

/// <summary>An outbox could not be opened, written or read.</summary>
public sealed class OutboxException : Exception
{
    internal OutboxException(OutboxFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>Why.</summary>
    public OutboxFailure Failure { get; }

    /// <summary>How many of the events were written nevertheless.</summary>
    internal int Written { get; init; }
}
