using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;

namespace Thoth.Interception.Events.Http;

/// <summary>
/// Logs why events do not arrive: the first failure at Error, further ones at Debug until a batch has arrived. A line at Error for
/// every lost batch would be the next outage.
/// </summary>
internal sealed class DeliveryLog(ILogger logger)
{
    private bool _isFailing;
    private bool _loggedNoCredentials;

    public void NoCredentials()
    {
        if (!Interlocked.Exchange(ref _loggedNoCredentials, true))
        {
            Log.NoEventCredentials(logger);
        }
    }

    public void Refused(IngestResponse response, int count) =>
        Log.EventsRefused(
            logger, Level(), count, (int)response.Status, response.Hint ?? (response.IsTransient ? "retried without success" : "not retried"));

    public void Unreachable(Exception exception, int count)
    {
        Log.EventsUndelivered(logger, Level(), exception.GetType().Name, count);
        Log.SinkFailureDetail(logger, exception);
    }

    public void Delivered()
    {
        if (Volatile.Read(ref _isFailing) && Interlocked.Exchange(ref _isFailing, false))
        {
            Log.EventsDeliveredAgain(logger);
        }
    }

    private LogLevel Level() => Interlocked.Exchange(ref _isFailing, true) ? LogLevel.Debug : LogLevel.Error;
}
