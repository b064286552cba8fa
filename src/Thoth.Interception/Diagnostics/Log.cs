using Microsoft.Extensions.Logging;

namespace Thoth.Interception.Diagnostics;

/// <summary>
/// The log messages of the library (contract §7.4). None holds a reason, a hold token, an argument, a result or a key. The
/// message of an exception may hold one, so exceptions are logged at Trace only; above it, their type is named.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Thoth {Phase}: tool {Tool}: {Verdict} ({AuthorizationDecision}, {ReasonCode}), trace {TraceId}, attestation {AttestationId}, session {SessionId}")]
    public static partial void Decision(
        ILogger logger, string phase, string tool, string verdict, string? authorizationDecision, string? reasonCode,
        string traceId, string attestationId, string sessionId);

    [LoggerMessage(2, LogLevel.Warning, "Thoth let tool {Tool} run without a decision: the enforcer is unavailable ({ReasonCode}) and fail-open is on, session {SessionId}")]
    public static partial void FailedOpen(ILogger logger, string tool, string? reasonCode, string sessionId);

    [LoggerMessage(3, LogLevel.Error, "Thoth blocked tool {Tool} because it could not be evaluated: {ErrorType} ({ReasonCode}), session {SessionId}")]
    public static partial void Failed(ILogger logger, string tool, string errorType, string? reasonCode, string sessionId);

    [LoggerMessage(4, LogLevel.Trace, "Failure of tool {Tool} in detail")]
    public static partial void FailureDetail(ILogger logger, Exception exception, string tool);

    [LoggerMessage(5, LogLevel.Error, "The queue of behavioural events is full: {Dropped} dropped so far for {Sink}; raise Events.QueueCapacity or use a faster sink")]
    public static partial void EventsDropped(ILogger logger, long dropped, string sink);

    [LoggerMessage(6, LogLevel.Error, "The event sink {Sink} failed with {ErrorType}; {Count} events were not delivered to it")]
    public static partial void SinkFailed(ILogger logger, string sink, string errorType, int count);

    [LoggerMessage(7, LogLevel.Trace, "Event sink failure in detail")]
    public static partial void SinkFailureDetail(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "{Variable} is not a Boolean and counts as false; set it to true or false")]
    public static partial void UnknownBoolean(ILogger logger, string variable);

    [LoggerMessage(9, LogLevel.Warning, "Enforcement mode 'shadow' is deprecated; 'observe' is used")]
    public static partial void ShadowMode(ILogger logger);

    [LoggerMessage(10, LogLevel.Warning, "The event queue was closed after {Timeout} with {Count} behavioural events not delivered to {Sink}; raise Events.DrainTimeout")]
    public static partial void DrainTimedOut(ILogger logger, TimeSpan timeout, long count, string sink);

    [LoggerMessage(20, LogLevel.Information, "{Agent} ran tool {Tool} for user {User}: {Decision}, {Milliseconds} ms, session {SessionId}")]
    public static partial void Ran(ILogger logger, string agent, string user, string tool, string decision, double milliseconds, string sessionId);

    [LoggerMessage(21, LogLevel.Warning, "{Agent} was refused tool {Tool} for user {User}: {Decision}, {Milliseconds} ms, session {SessionId}")]
    public static partial void Blocked(ILogger logger, string agent, string user, string tool, string decision, double milliseconds, string sessionId);

    [LoggerMessage(22, LogLevel.Information, "{Agent} ran tool {Tool} for user {User}, and it failed with {ErrorType}: {Decision}, {Milliseconds} ms, session {SessionId}")]
    public static partial void ToolFailed(
        ILogger logger, string agent, string user, string tool, string? errorType, string decision, double milliseconds, string sessionId);

    [LoggerMessage(23, LogLevel.Information, "{Agent} cancelled tool {Tool} for user {User}: {Decision}, {Milliseconds} ms, session {SessionId}")]
    public static partial void Cancelled(ILogger logger, string agent, string user, string tool, string decision, double milliseconds, string sessionId);

    [LoggerMessage(24, LogLevel.Information, "{Agent} called tool {Tool} for user {User}, and it is held for an approval: {Decision}, session {SessionId}")]
    public static partial void Held(ILogger logger, string agent, string user, string tool, string decision, string sessionId);

    [LoggerMessage(25, LogLevel.Error, "The store of held calls cannot be read: the expiry of calls of an earlier process is not recorded yet. It is read again in a minute; repair the store")]
    public static partial void HeldCallsNotRestored(ILogger logger);

    [LoggerMessage(26, LogLevel.Error, "The store of held calls failed with {ErrorType}: a call of tool {Tool} that was made again stays held. Repair the store")]
    public static partial void HeldCallNotRead(ILogger logger, string tool, string errorType);

    [LoggerMessage(30, LogLevel.Error, "Behavioural events are dropped: neither ApiKey nor EventIngestToken is configured; set one of them")]
    public static partial void NoEventCredentials(ILogger logger);

    [LoggerMessage(EventId = 31, EventName = "EventsRefused", Message = "The Thoth API refused {Count} behavioural events with status {Status}: {Hint}")]
    public static partial void EventsRefused(ILogger logger, LogLevel level, int count, int status, string hint);

    [LoggerMessage(EventId = 32, EventName = "EventsUndelivered", Message = "{Count} behavioural events did not reach the Thoth API: {ErrorType}")]
    public static partial void EventsUndelivered(ILogger logger, LogLevel level, string errorType, int count);

    [LoggerMessage(33, LogLevel.Information, "The Thoth API accepts behavioural events again")]
    public static partial void EventsDeliveredAgain(ILogger logger);

    [LoggerMessage(34, LogLevel.Error, "The event outbox could not be {Operation}: {ErrorType}. Check its store")]
    public static partial void OutboxFailed(ILogger logger, string operation, string errorType);

    [LoggerMessage(40, LogLevel.Warning, "A governed tool can be reached ungoverned. {Finding}")]
    public static partial void Ungoverned(ILogger logger, string finding);

    [LoggerMessage(41, LogLevel.Information, "{ServiceType} is allowed to reach the tools of {Interface} ungoverned: {Reason}")]
    public static partial void AllowedUngoverned(ILogger logger, Type serviceType, Type @interface, string reason);
}
