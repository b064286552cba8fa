using Microsoft.Extensions.Logging;

namespace Thoth.Interception.Sqlite;

/// <summary>Log messages. None holds what an event says.</summary>
internal static partial class OutboxLog
{
    [LoggerMessage(1, LogLevel.Error, "The Thoth outbox {Path} is damaged and was set aside as {Aside}; a fresh one is started, and what was not sent stays in the damaged file")]
    public static partial void SetAside(ILogger logger, string path, string aside);

    [LoggerMessage(2, LogLevel.Information, "Opened the Thoth outbox {Path}: {Waiting} events wait to be sent, {Interrupted} calls had no outcome")]
    public static partial void Opened(ILogger logger, string path, long waiting, int interrupted);

    [LoggerMessage(3, LogLevel.Error, "The Thoth outbox {Path} cannot be written: {Failure}")]
    public static partial void Failing(ILogger logger, string path, OutboxFailure failure);

    [LoggerMessage(4, LogLevel.Trace, "Thoth outbox failure in detail")]
    public static partial void FailureDetail(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Information, "The Thoth outbox {Path} can be written again")]
    public static partial void Recovered(ILogger logger, string path);

    [LoggerMessage(7, LogLevel.Error, "The Thoth outbox {Path} is full and takes no more events: {Waiting} wait to be sent; raise MaxBytes, or let the Thoth API be reached")]
    public static partial void Full(ILogger logger, string path, long waiting);

    [LoggerMessage(6, LogLevel.Error, "The Thoth outbox {Path} is full: its oldest events are dropped before they were sent, {Dropped} so far")]
    public static partial void DroppedOldest(ILogger logger, string path, long dropped);
}
