using Microsoft.Extensions.Logging;

namespace Thoth.Interception;

/// <summary>What is logged of answers to requests (contract §7.4): a status and a hint, never a body.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(40, LogLevel.Warning, "The enforcer answered {Endpoint} with status {Status}{Hint}")]
    public static partial void Rejected(ILogger logger, string endpoint, int status, string hint);

    [LoggerMessage(41, LogLevel.Warning, "The enforcer's answer to {Endpoint} (status {Status}) is no decision: it must be one JSON object of at most 1 MiB, each name in it once")]
    public static partial void Unreadable(ILogger logger, string endpoint, int status);
}
