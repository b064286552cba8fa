using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;

namespace Thoth.Interception.Events.Http;

/// <summary>
/// Says why events do not arrive: once when it begins, at Error, and then at Debug until a batch has arrived. A line at Error for
/// every lost batch would be the next outage.
/// </summary>
internal sealed class DeliveryLog(ILogger logger)
{
    private bool _isFailing;
    private bool _saidNoCredentials;

    public void NoCredentials()
    {
        if (!Interlocked.Exchange(ref _saidNoCredentials, true))
        {
            Log.NoEventCredentials(logger);
        }
    }

    public void Refused(IngestResponse answer, int count) =>
        Log.EventsRefused(
            logger, Level(), count, (int)answer.Status, answer.Hint ?? (answer.IsTransient ? "tried again without success" : "not tried again"));

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
