using Microsoft.Extensions.Logging;

namespace Thoth.Interception;

/// <summary>
/// Writes events to the log, category <c>Thoth.Interception.LoggerEventSink</c>, at Information. Used where no other sink is
/// added, so that evidence is somewhere. Arguments are never logged, whatever is captured.
/// </summary>
public sealed partial class LoggerEventSink : IEventSink
{
    private readonly ILogger _logger;

    /// <summary>Creates the sink.</summary>
    /// <param name="logger">Where the events go.</param>
    public LoggerEventSink(ILogger<LoggerEventSink> logger) => _logger = logger;

    /// <inheritdoc/>
    public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (_logger.IsEnabled(LogLevel.Information))
        {
            foreach (var e in events)
            {
                Write(
                    e.Type, e.ToolName, e.Phase, e.Decision?.WireWord, e.Decision?.DecisionReasonCode, e.DurationMs, e.ErrorType,
                    e.Request.Context.SessionId, e.EventId, e.Request.ActionAttestationId, e.OccurredAt);
            }
        }

        return ValueTask.CompletedTask;
    }

    [LoggerMessage(100, LogLevel.Information, "{EventType} tool {Tool}: {Phase} {Verdict} {ReasonCode} {DurationMs} ms {ErrorType}, session {SessionId}, event {EventId}, attestation {AttestationId}, {OccurredAt:O}")]
    private partial void Write(
        BehavioralEventType eventType, string tool, EventPhase phase, string? verdict, string? reasonCode, double? durationMs,
        string? errorType, string sessionId, string eventId, string attestationId, DateTimeOffset occurredAt);
}
