using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Events;
using Thoth.Interception.Serialization;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Pipeline;

/// <summary>
/// What a call leaves behind: one event when it is requested and exactly one when it has ended (contract §5.1), a log line for
/// its decision, its span and its measurements. Nothing here throws once the tool may have run: its result and its exception
/// belong to the caller.
/// </summary>
internal sealed class CallRecorder(EventPipeline events, EventOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Tools wait for <see cref="SecureAsync"/> before they run.</summary>
    public bool SecuresCalls => events.SecuresCalls;

    public void Requested(ToolCall call)
    {
        var requested = new BehavioralEvent(BehavioralEventType.ToolCallPre, call.Request)
        {
            Phase = EventPhase.Pre,
            OccurredAt = call.Request.OccurredAt,
            CapturedArguments = Captured(call),
        };
        if (events.SecuresCalls)
        {
            call.Evidence = events.Request(requested);
        }
        else
        {
            events.Enqueue(requested);
        }
    }

    /// <summary>The call is approved: returns where its evidence is as sure as the options ask for, throws where the tool must not run.</summary>
    public async ValueTask SecureAsync(ToolCall call)
    {
        bool isSecured;
        Exception? cause = null;
        try
        {
            isSecured = await call.Evidence!.SecureAsync(call.Decision, call.CancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (call.CancellationToken.IsCancellationRequested)
        {
            Cancelled(call);
            throw;
        }
        catch (Exception exception)
        {
            (isSecured, cause) = (false, exception);
            Log.FailureDetail(logger, exception, call.Tool.Name);
        }

        if (!isSecured)
        {
            throw Refused(call, EnforcementDecision.Refuse(
                SdkReasonCodes.EvidenceNotRecorded, "the call's events cannot be recorded now; try again when they can"), cause);
        }
    }

    /// <summary>The decision that counts, be it the enforcer's or the library's own.</summary>
    public void Decided(ToolCall call, EnforcementDecision decision)
    {
        call.Decision = decision;
        Log.Decision(logger, call.WasHeld ? "step_up_resolved" : "enforce", call, decision);
        if (ThothDiagnostics.MeasuresDecisions)
        {
            ThothDiagnostics.Decided(call.Tool.Name, decision, time.GetElapsedTime(call.StartedAt));
        }
    }

    /// <summary>Records that the tool does not run, and gives the exception that says so.</summary>
    public ThothException Refused(ToolCall call, EnforcementDecision decision, Exception? cause = null)
    {
        decision = decision with
        {
            EnforcementTraceId = decision.EnforcementTraceId is { Length: > 0 } trace ? trace : call.Request.Context.EnforcementTraceId,
            ActionAttestationId = decision.ActionAttestationId is { Length: > 0 } action ? action : call.Request.ActionAttestationId,
        };
        Decided(call, decision);
        var exception = Screening.ExceptionFor(call, decision, cause);
        Blocked(call, exception);
        return exception;
    }

    public void ThrowIfCancelled(ToolCall call)
    {
        if (call.CancellationToken.IsCancellationRequested)
        {
            Cancelled(call);
            call.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    public void Completed(ToolCall call, object? result)
    {
        var (type, size) = (result?.GetType().Name, options.MeasureResults ? ResultSize.Of(result) : null);
        End(call, new Outcome(EventPhase.Post, Elapsed(call), type, size, null));
    }

    public void Failed(ToolCall call, Exception exception)
    {
        var cancelled = exception is OperationCanceledException && call.CancellationToken.IsCancellationRequested;
        End(call, new Outcome(
            cancelled ? EventPhase.Cancelled : EventPhase.Error, Elapsed(call), null, null, exception.GetType().FullName));
    }

    private void Blocked(ToolCall call, Exception exception)
    {
        RecordEvent(call, BehavioralEventType.ToolCallBlock, new Outcome(EventPhase.Block, Elapsed(call), null, null, null));
        ThothDiagnostics.Ended(call, EventPhase.Block, exception.GetType().FullName);
    }

    /// <summary>The caller cancelled before the tool started: it did not run, and nobody refused it.</summary>
    public void Cancelled(ToolCall call)
    {
        RecordEvent(call, BehavioralEventType.ToolCallBlock, new Outcome(EventPhase.Cancelled, Elapsed(call), null, null, null));
        ThothDiagnostics.Ended(call, EventPhase.Cancelled, null);
    }

    private void End(ToolCall call, Outcome outcome)
    {
        try
        {
            if (options.EmitFailures || outcome.Phase == EventPhase.Post)
            {
                RecordEvent(call, BehavioralEventType.ToolCallPost, outcome);
            }
            else
            {
                call.Evidence?.End(null);
            }

            ThothDiagnostics.Ended(call, outcome.Phase, outcome.ErrorType);
        }
        catch (Exception)
        {
            // A listener of traces or metrics failed. The tool has run: the caller gets what it gave.
        }
    }

    private void RecordEvent(ToolCall call, BehavioralEventType type, Outcome outcome)
    {
        // In observe mode only the library itself decides, where it refuses a call: then that is what counts.
        if (call.Decision is not null || call.Observation is not { } observation)
        {
            Enqueue(call, type, outcome, call.Decision);
        }
        else if (observation.IsCompletedSuccessfully)
        {
            Enqueue(call, type, outcome, VerdictOf(observation));
        }
        else
        {
            RecordEventWithVerdict(call, type, outcome, observation);
        }
    }

    /// <summary>Observe mode: the event waits for the verdict that is asked for beside the tool, the caller does not.</summary>
    private void RecordEventWithVerdict(ToolCall call, BehavioralEventType type, Outcome outcome, Task<EnforcementDecision?> observation) =>
        _ = observation.ContinueWith(
            task => Enqueue(call, type, outcome, VerdictOf(task)),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void Enqueue(ToolCall call, BehavioralEventType type, Outcome outcome, EnforcementDecision? decision)
    {
        var ended = new BehavioralEvent(type, call.Request)
        {
            Phase = outcome.Phase,
            OccurredAt = call.Request.OccurredAt + outcome.Duration,
            Decision = decision,
            DurationMs = outcome.Duration.TotalMilliseconds,
            ResultType = outcome.ResultType,
            ResultSizeBytes = outcome.ResultSize,
            ErrorType = outcome.ErrorType,
            CapturedArguments = Captured(call),
        };
        if (call.Evidence is { } evidence)
        {
            evidence.End(ended);
        }
        else
        {
            events.Enqueue(ended);
        }
    }

    private static EnforcementDecision? VerdictOf(Task<EnforcementDecision?> observation) =>
        observation.IsCompletedSuccessfully ? CompletedTaskResult.ResultOf(observation) : null;

    private ReadOnlyMemory<byte> Captured(ToolCall call) =>
        options.Capture == EventCapture.Arguments ? call.Tool.Parameters.Mask(call.Request.Arguments) : default;

    private TimeSpan Elapsed(ToolCall call) => time.GetElapsedTime(call.StartedAt);

    private readonly record struct Outcome(
        EventPhase Phase, TimeSpan Duration, string? ResultType, long? ResultSize, string? ErrorType);
}
