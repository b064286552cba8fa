using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Http;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>Logs responses without a decision (contract §7.4): the status and a hint, never a body.</summary>
internal static partial class EnforcerHttpLog
{
    [LoggerMessage(50, LogLevel.Warning, "The enforcer responded to {Endpoint} with status {Status} ({Hint})")]
    private static partial void Rejected(ILogger logger, string endpoint, int status, string hint);

    [LoggerMessage(51, LogLevel.Warning, "The enforcer's response to {Endpoint} (status {Status}) cannot be read. It must be HTTP with one JSON object of at most 1 MiB, each name in it once.")]
    public static partial void Unreadable(ILogger logger, string endpoint, int status);

    public static void Rejected(ILogger logger, string endpoint, EnforcerResponse response)
    {
        if (response.Status == 0)
        {
            Unreadable(logger, endpoint, 0);
        }
        else if (logger.IsEnabled(LogLevel.Warning))
        {
            var status = (HttpStatusCode)response.Status;
            var hint = status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? AuthHint.For(status, Encoding.UTF8.GetString(response.Body.Span))
                : status.ToString();
            Rejected(logger, endpoint, response.Status, hint);
        }
    }
}
