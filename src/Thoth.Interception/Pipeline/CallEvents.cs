namespace Thoth.Interception;

/// <summary>
/// What a call leaves as evidence (contract §5.1): one event when it is requested and exactly one when it has ended. Nothing
/// here throws once the tool may have run: its result and its exception belong to the caller.
/// </summary>
internal sealed class CallEvents(EventPipeline events, EventOptions options, TimeProvider time)
{
    public void Requested(ToolCall call) => events.Enqueue(new BehavioralEvent(BehavioralEventType.ToolCallPre, call.Request)
    {
        Phase = EventPhase.Pre,
        OccurredAt = call.Request.OccurredAt,
        CapturedArguments = Captured(call),
    });

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

    public void Blocked(ToolCall call, Exception exception)
    {
        Tell(call, BehavioralEventType.ToolCallBlock, new Outcome(EventPhase.Block, Elapsed(call), null, null, null));
        ThothDiagnostics.Ended(call, EventPhase.Block, exception.GetType().FullName);
    }

    /// <summary>The caller cancelled before the tool started: it did not run, and nobody refused it.</summary>
    public void Cancelled(ToolCall call)
    {
        Tell(call, BehavioralEventType.ToolCallBlock, new Outcome(EventPhase.Cancelled, Elapsed(call), null, null, null));
        ThothDiagnostics.Ended(call, EventPhase.Cancelled, null);
    }

    private void End(ToolCall call, Outcome outcome)
    {
        try
        {
            if (options.EmitFailures || outcome.Phase == EventPhase.Post)
            {
                Tell(call, BehavioralEventType.ToolCallPost, outcome);
            }

            ThothDiagnostics.Ended(call, outcome.Phase, outcome.ErrorType);
        }
        catch (Exception)
        {
            // A listener of traces or metrics failed. The tool has run: the caller gets what it gave.
        }
    }

    private void Tell(ToolCall call, BehavioralEventType type, Outcome outcome)
    {
        // Observe mode: the event waits for the verdict that is asked for beside the tool, the caller does not.
        if (call.Observation is { IsCompletedSuccessfully: false } observation)
        {
            _ = observation.ContinueWith(
                (task, _) => Enqueue(call, type, outcome, VerdictOf(task)),
                null, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return;
        }

        Enqueue(call, type, outcome, call.Observation is null ? call.Decision : VerdictOf(call.Observation));
    }

    private void Enqueue(ToolCall call, BehavioralEventType type, Outcome outcome, EnforcementDecision? decision) =>
        events.Enqueue(new BehavioralEvent(type, call.Request)
        {
            Phase = outcome.Phase,
            OccurredAt = call.Request.OccurredAt + outcome.Duration,
            Decision = decision,
            DurationMs = outcome.Duration.TotalMilliseconds,
            ResultType = outcome.ResultType,
            ResultSizeBytes = outcome.ResultSize,
            ErrorType = outcome.ErrorType,
            CapturedArguments = Captured(call),
        });

    private static EnforcementDecision? VerdictOf(Task<EnforcementDecision?> observation) =>
        observation.IsCompletedSuccessfully ? Interception.Completed.ResultOf(observation) : null;

    private ReadOnlyMemory<byte> Captured(ToolCall call) =>
        options.Capture == EventCapture.Arguments ? call.Tool.Parameters.Mask(call.Request.Arguments) : default;

    private TimeSpan Elapsed(ToolCall call) => time.GetElapsedTime(call.StartedAt);

    private readonly record struct Outcome(
        EventPhase Phase, TimeSpan Duration, string? ResultType, long? ResultSize, string? ErrorType);
}
