using Microsoft.Extensions.Logging;
using Thoth.Interception.Enforcement.Http;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Diagnostics;

/// <summary>
/// The messages of the library (contract §7.4); <see cref="EnforcerHttpLog"/> has those about answers over HTTP. None holds a reason, a
/// hold token, an argument, a result or a key; what an exception says may hold one, so exceptions are logged at Trace only and
/// named by their type above it.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Thoth {Phase}: tool {Tool} is {Verdict} ({AuthorizationDecision}, {ReasonCode}), trace {TraceId}, attestation {AttestationId}, session {SessionId}")]
    public static partial void Decision(
        ILogger logger, string phase, string tool, string verdict, string? authorizationDecision, string? reasonCode,
        string traceId, string attestationId, string sessionId);

    [LoggerMessage(2, LogLevel.Warning, "Thoth let tool {Tool} run without a decision: the enforcer is unavailable ({ReasonCode}) and fail-open is on, session {SessionId}")]
    public static partial void FailedOpen(ILogger logger, string tool, string? reasonCode, string sessionId);

    [LoggerMessage(3, LogLevel.Error, "Thoth could not decide about tool {Tool} and blocked it: {ErrorType} ({ReasonCode}), session {SessionId}")]
    public static partial void Failed(ILogger logger, string tool, string errorType, string? reasonCode, string sessionId);

    [LoggerMessage(4, LogLevel.Trace, "Thoth failure in detail, tool {Tool}")]
    public static partial void FailureDetail(ILogger logger, Exception exception, string tool);

    [LoggerMessage(5, LogLevel.Error, "The queue of behavioural events is full: {Dropped} dropped so far for {Sink}; raise Events.QueueCapacity or use a faster sink")]
    public static partial void EventsDropped(ILogger logger, long dropped, string sink);

    [LoggerMessage(6, LogLevel.Error, "The event sink {Sink} failed with {ErrorType}: a batch of {Count} events is lost to it")]
    public static partial void SinkFailed(ILogger logger, string sink, string errorType, int count);

    [LoggerMessage(7, LogLevel.Trace, "Event sink failure in detail")]
    public static partial void SinkFailureDetail(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "{Variable} is set to none of 1, t, true, yes, on, 0, f, false, no, off and counts as false")]
    public static partial void UnknownBoolean(ILogger logger, string variable);

    [LoggerMessage(9, LogLevel.Warning, "The enforcement mode 'shadow' is the old name of 'observe' and taken for it")]
    public static partial void ShadowMode(ILogger logger);

    [LoggerMessage(10, LogLevel.Warning, "Closing gave up after {Timeout}: {Count} behavioural events were not delivered to {Sink}")]
    public static partial void DrainTimedOut(ILogger logger, TimeSpan timeout, long count, string sink);

    [LoggerMessage(30, LogLevel.Error, "Behavioural events are dropped: neither an API key nor an event ingest token is configured to send them with")]
    public static partial void NoEventCredentials(ILogger logger);

    [LoggerMessage(EventId = 31, EventName = "EventsRefused", Message = "The Thoth API refused {Count} behavioural events with status {Status}: {Hint}")]
    public static partial void EventsRefused(ILogger logger, LogLevel level, int count, int status, string hint);

    [LoggerMessage(EventId = 32, EventName = "EventsUndelivered", Message = "{Count} behavioural events did not reach the Thoth API: {ErrorType}")]
    public static partial void EventsUndelivered(ILogger logger, LogLevel level, string errorType, int count);

    [LoggerMessage(33, LogLevel.Information, "Behavioural events reach the Thoth API again")]
    public static partial void EventsDeliveredAgain(ILogger logger);

    [LoggerMessage(40, LogLevel.Warning, "Governed tools can be reached ungoverned. {Finding}")]
    public static partial void Ungoverned(ILogger logger, string finding);

    [LoggerMessage(41, LogLevel.Information, "{ServiceType} may lead to the tools of {Interface} ungoverned: {Reason}")]
    public static partial void AllowedUngoverned(ILogger logger, Type serviceType, Type @interface, string reason);
}
