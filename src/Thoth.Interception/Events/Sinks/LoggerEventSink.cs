using System.Text.Json;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Events.Serialization;
using Thoth.Interception.Events.Sinks;

namespace Thoth.Interception;

/// <summary>
/// Writes events to the log, category <c>Thoth.Interception.Evidence</c>, at Information. It is the default if no other sink is
/// added.
/// </summary>
/// <remarks>
/// The structured state of an entry has the members that are sent to the Thoth API (contract §5.2, §5.3), under the same names;
/// members of objects have names such as <c>receipt.receipt_id</c>. It never has an argument, a result or a reason. Added beside
/// other sinks, it brings evidence to a collector, for example with <c>Logging.AddOpenTelemetry()</c>.
/// </remarks>
public sealed class LoggerEventSink : IEventSink
{
    private const string Category = "Thoth.Interception.Evidence";

    private static readonly EventId s_evidence = new(100, "Evidence");

    private readonly ILogger _logger;
    private EventBatchBody? _free;

    /// <summary>Creates the sink.</summary>
    /// <param name="loggers">Creates the logger.</param>
    /// <exception cref="ArgumentNullException"><paramref name="loggers"/> is <see langword="null"/>.</exception>
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
        // The log is read from the bytes that would be sent, so that both cannot differ.
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
