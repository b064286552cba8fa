using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;

namespace Thoth.Interception.Events.Outbox;

/// <summary>Logs the failures of one operation of an outbox: the first at Error, the next one at Error after a success.</summary>
/// <param name="logger">Logs the failures.</param>
/// <param name="operation">The operation as a past participle, such as "written".</param>
internal sealed class OutboxFailures(ILogger logger, string operation)
{
    private bool _isFailing;

    public void Failed(Exception exception)
    {
        if (!Interlocked.Exchange(ref _isFailing, true))
        {
            Log.OutboxFailed(logger, operation, exception.GetType().Name);
        }

        Log.SinkFailureDetail(logger, exception);
    }

    public void Succeeded() => Volatile.Write(ref _isFailing, false);
}
