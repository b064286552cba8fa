using System.Text.Json;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Events.Serialization;
using Thoth.Interception.Events.Sinks;

namespace Thoth.Interception;

/// <summary>
/// Writes events to the log, category <c>Thoth.Interception.Evidence</c>, at Information. Used where no other sink is added, so
/// that evidence is somewhere; added beside others, it takes evidence to a collector, by <c>Logging.AddOpenTelemetry()</c> for
/// example. Its structured state has what the Thoth API would be sent (contract §5.2, §5.3) under the same names, members of
/// objects as <c>receipt.receipt_id</c>: never an argument, a result or a reason, whatever is captured.
/// </summary>
public sealed class LoggerEventSink : IEventSink
{
    private const string Category = "Thoth.Interception.Evidence";

    private static readonly EventId s_evidence = new(100, "Evidence");

    private readonly ILogger _logger;
    private EventBatchBody? _free;

    /// <summary>Creates the sink.</summary>
    /// <param name="loggers">Makes the logger that the events go to.</param>
    public LoggerEventSink(ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(loggers);
        _logger = loggers.CreateLogger(Category);
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (_logger.IsEnabled(LogLevel.Information))
        {
            Write(events);
        }

        return ValueTask.CompletedTask;
    }

    private void Write(IReadOnlyList<BehavioralEvent> events)
    {
        // What is sent and what is logged cannot differ: the one is read from the other.
        var body = Interlocked.Exchange(ref _free, null) ?? new EventBatchBody();
        body.Write(events);
        using (var wire = JsonDocument.Parse(body.Written))
        {
            for (var i = 0; i < events.Count; i++)
            {
                _logger.Log(
                    LogLevel.Information, s_evidence, EvidenceRecord.Of(events[i], wire.RootElement[i]), null, static (record, _) => record.ToString());
            }
        }

        _free = body;
    }
}
