namespace Thoth.Interception.Sqlite;

/// <summary>The exception that is thrown when an outbox cannot be opened, written or read.</summary>
public sealed class OutboxException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="failure">The kind of the failure.</param>
    /// <param name="message">The failure and what to do about it.</param>
    /// <param name="innerException">The cause, if any.</param>
    public OutboxException(OutboxFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>Gets the kind of the failure.</summary>
    public OutboxFailure Failure { get; }

    /// <summary>Gets the number of events of the batch that were written nevertheless.</summary>
    internal int Written { get; init; }
}
