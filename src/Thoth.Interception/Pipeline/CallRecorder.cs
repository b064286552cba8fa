using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Serialization;
using Thoth.Interception.StepUp;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Pipeline;

/// <summary>
/// Records a call: one event when it is requested and exactly one when it has ended (contract §5.1), a log line for its
/// decision, its span and its metrics. Nothing here throws once the tool may have run: its result and its exception belong to
/// the caller.
/// </summary>
internal sealed class CallRecorder(
    EventPipeline events, ICountingEnforcer? countingEnforcer, EventOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Records that a tool was called.</summary>
    /// <returns>The call's events, which <see cref="ToolCall"/> keeps to its end.</returns>
    public CallEvents Requested(Tool tool, EnforcementRequest request, CallDetails? details) =>
        events.Begin(new BehavioralEvent(BehavioralEventType.ToolCallPre, request)
        {
            Phase = EventPhase.Pre,
            OccurredAt = request.OccurredAt,
            CallId = details?.CallId,
            CapturedArguments = Captured(tool, request),
        });

    /// <summary>Records that a held call is made again. Its first event was recorded when it was held.</summary>
    /// <returns>The call's events, which <see cref="ToolCall"/> keeps to its end.</returns>
    public CallEvents Resumed(EnforcementRequest request, CallDetails? details) =>
        events.Begin(new BehavioralEvent(BehavioralEventType.ToolCallResumed, request)
        {
            Phase = EventPhase.Resumed,
            OccurredAt = request.OccurredAt,
            CallId = details?.CallId,
        });

    /// <summary>
    /// Called after the approval: returns once the call's events are as safe as the options ask for, and throws if the tool must
    /// not run.
    /// </summary>
    public async ValueTask SecureAsync(ToolCall call)
    {
        bool isSecured;
        Exception? cause = null;
        try
        {
            isSecured = await call.Events.SecureAsync(call.Decision, call.CancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (call.CancellationToken.IsCancellationRequested)
        {
            Cancelled(call);
            throw;
        }
        catch (Exception exception)
        {
            (isSecured, cause) = (false, exception);
            Log.FailureDetail(logger, exception, SafeText.Of(call.Tool.Name));
        }

        if (!isSecured)
        {
            throw Refused(call, EnforcementDecision.Refuse(
                SdkReasonCodes.EvidenceNotRecorded, "the call's events cannot be recorded now; try again when they can"), cause);
        }
    }

    /// <summary>Records the effective decision, from the enforcer or the library.</summary>
    public void Decided(ToolCall call, EnforcementDecision decision)
    {
        call.Decision = decision;
        CallLog.Decision(logger, call.WasHeld ? "step_up_resolved" : "enforce", call, decision);
        if (CallTelemetry.MeasuresDecisions(call))
        {
            CallTelemetry.RecordDecision(call, decision, time.GetElapsedTime(call.StartedAt));
        }
    }

    /// <summary>Records that the tool does not run.</summary>
    /// <returns>The exception for the caller.</returns>
    public ThothException Refused(ToolCall call, EnforcementDecision decision, Exception? cause = null)
    {
        decision = decision.CompletedFor(call.Request);
        Decided(call, decision);
        var exception = RefusalExceptions.For(call, decision, cause);
        Blocked(call, exception);
        return exception;
    }

    /// <summary>Records that the call is held and its caller goes on.</summary>
    /// <returns>The exception for the caller.</returns>
    public ThothException Held(ToolCall call, EnforcementDecision decision)
    {
        call.Decision = decision;
        CallLog.Decision(logger, "enforce", call, decision);
        CallTelemetry.RecordHeld(call, Elapsed(call));
        call.Session.EndUse();
        var outcome = new Outcome(EventPhase.Held, Elapsed(call), null, null, null);
        RecordEvent(call, BehavioralEventType.ToolCallHeld, outcome);
        CallTelemetry.RecordEnd(call, outcome.Phase, null);
        CallLog.Ended(logger, call, outcome.Phase, outcome.Duration, null);
        return RefusalExceptions.For(call, decision, null);
    }

    /// <summary>Records that the call does not run because an equal one is held, which the caller gets.</summary>
    /// <returns>The exception for the caller.</returns>
    public ThothException Joined(ToolCall call, EnforcementDecision decision)
    {
        var exception = RefusalExceptions.For(call, decision, null);
        Decided(call, HoldResolution.Unresolved(
            decision, SdkReasonCodes.HeldCallJoined, "an equal call of the session is held; this one is not a second one").CompletedFor(call.Request));
        Blocked(call, exception);
        return exception;
    }

    public void ThrowIfCancelled(ToolCall call)
    {
        if (call.IsCancelled)
        {
            Cancelled(call);
            call.ThrowIfCancelled();
        }
    }

    public void Completed(ToolCall call, object? result)
    {
        var (type, size) = (result?.GetType().Name, options.MeasureResults ? ResultSizeEstimator.Estimate(result) : null);
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
        call.Session.EndUse();
        TakeBack(call);
        var outcome = new Outcome(EventPhase.Block, Elapsed(call), null, null, null);
        if (call.Resumed is not null && !call.EndsHeldCall)
        {
            // The held call goes on, or its end is recorded elsewhere. A call has one.
            RecordEvent(call, BehavioralEventType.ToolCallHeld, outcome with { Phase = EventPhase.Held });
        }
        else
        {
            RecordEvent(call, BehavioralEventType.ToolCallBlock, outcome);
        }

        // A refusal by policy is not an error. A call that could not be decided is one.
        CallTelemetry.RecordEnd(call, EventPhase.Block, exception is EnforcerUnavailableException ? exception.GetType().FullName : null);
        CallLog.Ended(logger, call, outcome.Phase, outcome.Duration, null);
    }

    /// <summary>Records that the caller cancelled before the tool started: it did not run, and it was not refused.</summary>
    public void Cancelled(ToolCall call)
    {
        call.Session.EndUse();
        TakeBack(call);
        var outcome = new Outcome(EventPhase.Cancelled, Elapsed(call), null, null, null);
        if (call.Resumed is not null && !call.EndsHeldCall)
        {
            // The held call was not decided, and can be resumed again; or its end is recorded elsewhere.
            RecordEvent(call, BehavioralEventType.ToolCallHeld, outcome with { Phase = EventPhase.Held });
        }
        else
        {
            RecordEvent(call, BehavioralEventType.ToolCallBlock, outcome);
        }

        CallTelemetry.RecordEnd(call, EventPhase.Cancelled, null);
        CallLog.Ended(logger, call, outcome.Phase, outcome.Duration, null);
    }

    /// <summary>Tells an enforcer that counts calls that the tool of this one does not run.</summary>
    private void TakeBack(ToolCall call)
    {
        // The enforcer counts a held call when it delivers the approval. Only the call that uses it can take that back.
        if (countingEnforcer is null || call.HasStarted || (call.Resumed is not null && !call.WasReleased))
        {
            return;
        }

        try
        {
            countingEnforcer.CallNotStarted(call.Request);
        }
        catch (Exception exception)
        {
            Log.FailureDetail(logger, exception, SafeText.Of(call.Tool.Name));
        }
    }

    private void End(ToolCall call, Outcome outcome)
    {
        call.Session.EndUse();
        try
        {
            if (options.EmitFailures || outcome.Phase == EventPhase.Post)
            {
                RecordEvent(call, BehavioralEventType.ToolCallPost, outcome);
            }
            else
            {
                call.Events.End(null);
            }

            CallTelemetry.RecordEnd(call, outcome.Phase, outcome.ErrorType);
            CallLog.Ended(logger, call, outcome.Phase, outcome.Duration, outcome.ErrorType);
        }
        catch (Exception)
        {
            // A listener of traces or metrics failed. The tool has run, so the caller gets its result.
        }
    }

    private void RecordEvent(ToolCall call, BehavioralEventType type, Outcome outcome)
    {
        // In observe mode a decision exists only if the library itself refused the call; then it is the one to record.
        if (call.Decision is not null || call.Observation is not { } observation)
        {
            Enqueue(call, type, outcome, call.Decision);
        }
        else if (observation.IsCompletedSuccessfully)
        {
            Enqueue(call, type, outcome, DecisionOf(observation));
        }
        else
        {
            RecordEventAfter(call, type, outcome, observation);
        }
    }

    /// <summary>Observe mode: the event waits for the decision that is evaluated beside the tool; the caller does not wait.</summary>
    private void RecordEventAfter(ToolCall call, BehavioralEventType type, Outcome outcome, Task<EnforcementDecision?> observation) =>
        _ = observation.ContinueWith(
            task => Enqueue(call, type, outcome, DecisionOf(task)),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void Enqueue(ToolCall call, BehavioralEventType type, Outcome outcome, EnforcementDecision? decision)
    {
        var ended = new BehavioralEvent(type, call.Request)
        {
            Phase = outcome.Phase,
            OccurredAt = call.Request.OccurredAt + outcome.Duration,
            Decision = decision,
            Duration = outcome.Duration,
            ResultType = outcome.ResultType,
            ResultSizeBytes = outcome.ResultSize,
            ErrorType = outcome.ErrorType,
            CallId = call.Details?.CallId,
            CapturedArguments = Captured(call.Tool, call.Request),

            // The expiry of a hold may record the same end.
            Id = call.Resumed is not null && type == BehavioralEventType.ToolCallBlock
                ? new(HeldCallEnd.IdOf(call.Request.ActionAttestationId)) : default,
        };
        call.Events.End(ended);
    }

    private static EnforcementDecision? DecisionOf(Task<EnforcementDecision?> observation) =>
        observation.IsCompletedSuccessfully ? CompletedTaskResult.ResultOf(observation) : null;

    private ReadOnlyMemory<byte> Captured(Tool tool, EnforcementRequest request) =>
        options.Capture == EventCapture.Arguments ? tool.Parameters.Mask(request.Arguments) : default;

    private TimeSpan Elapsed(ToolCall call) => time.GetElapsedTime(call.StartedAt);

    private readonly record struct Outcome(
        EventPhase Phase, TimeSpan Duration, string? ResultType, long? ResultSize, string? ErrorType);
}
