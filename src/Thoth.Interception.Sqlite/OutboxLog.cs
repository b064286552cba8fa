using Microsoft.Extensions.Logging;

namespace Thoth.Interception.Sqlite;

/// <summary>Writes log messages. They never contain the content of an event.</summary>
internal static partial class OutboxLog
{
    [LoggerMessage(1, LogLevel.Error, "The Thoth outbox {Path} is damaged and was renamed to {Aside}; a new one is started. Events that were not sent stay in the damaged file")]
    public static partial void SetAside(ILogger logger, string path, string aside);

    [LoggerMessage(2, LogLevel.Information, "Opened the Thoth outbox {Path}: {Waiting} events wait to be sent, {Interrupted} calls had no outcome")]
    public static partial void Opened(ILogger logger, string path, long waiting, int interrupted);

    [LoggerMessage(3, LogLevel.Error, "The Thoth outbox {Path} cannot be written: {Failure}")]
    public static partial void Failing(ILogger logger, string path, OutboxFailure failure);

    [LoggerMessage(4, LogLevel.Trace, "Thoth outbox failure in detail")]
    public static partial void FailureDetail(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Information, "The Thoth outbox {Path} can be written again")]
    public static partial void Recovered(ILogger logger, string path);

    [LoggerMessage(7, LogLevel.Error, "The Thoth outbox {Path} is full and accepts no more events; {Waiting} wait to be sent. Raise MaxBytes, or restore the connection to the Thoth API")]
    public static partial void Full(ILogger logger, string path, long waiting);

    [LoggerMessage(8, LogLevel.Information, "Created the key {Path}, which encrypts held calls. Keep it out of copies of the outbox")]
    public static partial void KeyCreated(ILogger logger, string path);

    [LoggerMessage(9, LogLevel.Error, "{Count} held calls in the Thoth outbox {Path} cannot be decrypted and cannot be resumed. Restore the key file that they were stored with")]
    public static partial void UnreadableHeldCalls(ILogger logger, string path, int count);

    [LoggerMessage(6, LogLevel.Error, "The Thoth outbox {Path} is full: {Dropped} of its oldest events were dropped unsent so far. Raise MaxBytes, or restore the connection to the Thoth API")]
    public static partial void DroppedOldest(ILogger logger, string path, long dropped);
}
