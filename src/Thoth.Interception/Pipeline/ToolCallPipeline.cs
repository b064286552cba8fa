using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Thoth.Interception;

/// <summary>
/// The way of every governed call, whichever entrance it came by: <see cref="Begin"/>, <see cref="ApproveAsync"/> or
/// <see cref="Approve"/>, <see cref="Start"/>, then the tool itself, then <see cref="Completed"/> or <see cref="Failed"/>.
/// Until <see cref="Start"/> has returned, every exception means that the tool does not run; from then on nothing here throws.
/// </summary>
internal sealed class ToolCallPipeline
{
    /// <summary>Contract §1.1.6. The event of an observed call waits for its verdict no longer than this.</summary>
    private static readonly TimeSpan s_observationTimeout = TimeSpan.FromSeconds(5);

    private readonly IEnforcer _enforcer;
    private readonly ThothSessions _sessions;
    private readonly CallEvents _events;
    private readonly ThothOptions _options;
    private readonly HoldPoller _holds;
    private readonly Explainer _explainer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public ToolCallPipeline(
        IEnforcer enforcer, ThothSessions sessions, EventPipeline events, IOptions<ThothOptions> options, TimeProvider time,
        ILogger<ToolCallPipeline> logger)
    {
        _enforcer = enforcer;
        _sessions = sessions;
        _options = options.Value;
        _events = new CallEvents(events, _options.Events, time);
        _holds = new HoldPoller(enforcer, _options.StepUp, time);
        _time = time;
        _logger = new QuietLogger<ToolCallPipeline>(logger);
        _explainer = new Explainer(enforcer, _options.Explain, time, _logger);
        if (_options.ApiUrl is not null)
        {
            // Contract §5.5: a client tells the API once that it has started. In process nobody would learn anything from it.
            events.Enqueue(BehavioralEvent.SessionStarted(sessions.OwnContext, time.GetUtcNow()));
        }
    }

    /// <summary>Writes down what is called with what, and records that it was called.</summary>
    public ToolCall Begin(Tool tool, object?[] values, CancellationToken? cancellationToken = null)
    {
        var session = _sessions.Current;
        var startedAt = _time.GetTimestamp();
        EnforcementDecision? refusal = null;
        byte[] arguments = [];
        if (IsAsked(session) || _options.Events.Capture == EventCapture.Arguments)
        {
            try
            {
                arguments = tool.Parameters.Serialize(values);
            }
            catch (UnshowableArgumentException exception)
            {
                refusal = EnforcementDecision.Refuse(SdkReasonCodes.ToolArgsNotSerializable, exception.Message);
                Log.FailureDetail(_logger, exception, tool.Name);
            }
        }

        var request = new EnforcementRequest
        {
            Context = session.Context,
            ToolName = tool.Name,
            Arguments = arguments,
            Action = tool.Action,
            SessionToolCalls = session.SnapshotWith(tool.Name),
            OccurredAt = _time.GetUtcNow(),
        };
        var call = new ToolCall(tool, session, request, values)
        {
            StartedAt = startedAt,
            Refusal = refusal,
            Activity = ThothDiagnostics.StartCall(tool.Name),
            CancellationToken = cancellationToken ?? tool.Parameters.CancellationTokenIn(values),
        };
        _events.Requested(call);
        return call;
    }

    /// <summary>Asks for the decision and obeys it: returns where the tool may run, throws where it must not.</summary>
    public ValueTask ApproveAsync(ToolCall call)
    {
        if (IsObserved(call))
        {
            Observe(call);
            return ValueTask.CompletedTask;
        }

        if (call.Refusal is null && !call.CancellationToken.IsCancellationRequested)
        {
            ValueTask<EnforcementDecision> answer;
            try
            {
                answer = _enforcer.EvaluateAsync(call.Request, call.CancellationToken);
            }
            catch (Exception exception)
            {
                return DecideAsync(call, ValueTask.FromException<EnforcementDecision>(exception));
            }

            if (!answer.IsCompletedSuccessfully)
            {
                return DecideAsync(call, answer);
            }

            var decision = Screening.Screen(call.Request, Interception.Completed.ResultOf(answer));
            if (decision.Decision != DecisionType.Allow)
            {
                return ObeyAsync(call, decision);
            }

            Decided(call, decision);
            return ValueTask.CompletedTask;
        }

        return DecideAsync(call, ValueTask.FromResult(call.Refusal!));
    }

    /// <summary>The same for a synchronous tool, without any asynchronous code where the enforcer has none.</summary>
    public void Approve(ToolCall call)
    {
        if (IsObserved(call))
        {
            Observe(call);
            return;
        }

        ThrowIfRefusedBefore(call);
        EnforcementDecision decision;
        try
        {
            decision = Screening.Screen(call.Request, _enforcer.Evaluate(call.Request, call.CancellationToken));
        }
        catch (Exception exception)
        {
            decision = DecisionAbout(call, exception);
        }

        if (_explainer.Explains(decision))
        {
            call.Explanation = _explainer.Explain(call.Request, decision, call.CancellationToken);
        }

        if (decision.Decision == DecisionType.StepUp)
        {
            decision = Held(call, decision);
        }

        Obey(call, decision);
    }

    /// <summary>
    /// The last step before the tool: what was approved is what runs, the session is open, and its history knows of the call.
    /// </summary>
    public void Start(ToolCall call)
    {
        if (!IsObserved(call))
        {
            ThrowIfCancelled(call);
            KeepWhatWasApproved(call);
        }

        if (!call.Session.TryRecordStart(call.Tool.Name))
        {
            throw Refuse(call, EnforcementDecision.Refuse(
                SdkReasonCodes.SessionClosed, "the session or its service provider is closed; start a new one"));
        }
    }

    /// <summary>Whether arguments that a delayed body is about to read still are what was approved; throws where they are not.</summary>
    public void Recheck(ToolCall call)
    {
        if (!IsObserved(call) && !call.OwnsValues)
        {
            KeepWhatWasApproved(call);
        }
    }

    public void Completed(ToolCall call, object? result) => _events.Completed(call, result);

    public void Failed(ToolCall call, Exception exception) => _events.Failed(call, exception);

    /// <summary>The tool never began to produce anything, and nobody waits for it any more.</summary>
    public void Abandoned(ToolCall call) => _events.Cancelled(call);

    private bool IsAsked(ThothSession session) =>
        session.Context.Mode != EnforcementMode.Observe || _options.EvaluateInObserveMode;

    private static bool IsObserved(ToolCall call) => call.Request.Context.Mode == EnforcementMode.Observe;

    private async ValueTask DecideAsync(ToolCall call, ValueTask<EnforcementDecision> answer)
    {
        ThrowIfRefusedBefore(call);
        EnforcementDecision decision;
        try
        {
            decision = Screening.Screen(call.Request, await answer.ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            decision = DecisionAbout(call, exception);
        }

        await ObeyAsync(call, decision).ConfigureAwait(false);
    }

    private async ValueTask ObeyAsync(ToolCall call, EnforcementDecision decision)
    {
        if (_explainer.Explains(decision))
        {
            call.Explanation = await _explainer.ExplainAsync(call.Request, decision, call.CancellationToken).ConfigureAwait(false);
        }

        if (decision.Decision == DecisionType.StepUp)
        {
            RefuseUnlessHeld(call, decision);
            EnforcementDecision? resolution;
            try
            {
                resolution = await _holds.WaitAsync(call.Request, decision, call.CancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                _events.Cancelled(call);
                throw;
            }

            decision = Resolution(call, decision, resolution);
        }

        Obey(call, decision);
    }

    private EnforcementDecision Held(ToolCall call, EnforcementDecision held)
    {
        RefuseUnlessHeld(call, held);
        try
        {
            var resolution = SynchronousWait.For(
                static state => state.Holds.WaitAsync(state.Call.Request, state.Held, state.Call.CancellationToken),
                (Holds: _holds, Call: call, Held: held));
            return Resolution(call, held, resolution);
        }
        catch (OperationCanceledException)
        {
            _events.Cancelled(call);
            throw;
        }
    }

    private void RefuseUnlessHeld(ToolCall call, EnforcementDecision held)
    {
        Log.Decision(_logger, "enforce", call, held);
        if (Screening.RefusalOfHold(held) is { } refusal)
        {
            throw Refuse(call, refusal);
        }

        if (_options.StepUp.Mode == StepUpMode.Throw)
        {
            throw Refuse(call, held);
        }
    }

    private EnforcementDecision Resolution(ToolCall call, EnforcementDecision held, EnforcementDecision? resolution)
    {
        var final = resolution is null
            ? Screening.Unresolved(held, SdkReasonCodes.StepUpTimeout, "step-up auth timeout — no approver response")
            : Screening.Resolved(call.Request, held, resolution);
        call.WasHeld = true;
        call.WasRejected = resolution is null || Screening.IsRejection(final);
        return final;
    }

    private void Obey(ToolCall call, EnforcementDecision decision)
    {
        if (decision.Decision == DecisionType.Modify)
        {
            if (ModifiedArguments.Bind(call.Tool.Parameters, decision.ModifiedToolArgs, call.Values) is not { } values)
            {
                throw Refuse(call, decision with
                {
                    Decision = DecisionType.Block,
                    SdkReasonCode = SdkReasonCodes.ModifyNotApplicable,
                    DecisionReasonCode = SdkReasonCodes.ModifyNotApplicable,
                    Reason = "the policy changed the arguments in a way that does not fit the tool's parameters",
                });
            }

            call.Values = values;
            call.OwnsValues = true;
        }
        else if (decision.Decision != DecisionType.Allow)
        {
            throw Refuse(call, decision);
        }

        Decided(call, decision);
    }

    private void Decided(ToolCall call, EnforcementDecision decision)
    {
        call.Decision = decision;
        Log.Decision(_logger, call.WasHeld ? "step_up_resolved" : "enforce", call, decision);
        if (ThothDiagnostics.MeasuresDecisions)
        {
            ThothDiagnostics.Decided(call.Tool.Name, decision, _time.GetElapsedTime(call.StartedAt));
        }
    }

    private void KeepWhatWasApproved(ToolCall call)
    {
        if (call.OwnsValues)
        {
            return;
        }

        if (call.Tool.Isolation == ArgumentIsolation.Copy)
        {
            call.Values = call.Tool.Parameters.Copy(call.Values, call.Request.Arguments) ?? throw Refuse(call, EnforcementDecision.Refuse(
                SdkReasonCodes.ToolArgsNotSerializable, "the arguments cannot be read back from what was approved; use ArgumentIsolation.Verify"));
            call.OwnsValues = true;
        }
        else if (!call.Tool.Parameters.StillAre(call.Values, call.Request.Arguments.Span))
        {
            throw Refuse(call, EnforcementDecision.Refuse(
                SdkReasonCodes.ToolArgsChanged, "the arguments changed after they were approved; leave them alone until the call returns"));
        }
    }

    private void ThrowIfRefusedBefore(ToolCall call)
    {
        if (call.Refusal is not null)
        {
            throw Refuse(call, call.Refusal);
        }

        ThrowIfCancelled(call);
    }

    private void ThrowIfCancelled(ToolCall call)
    {
        if (call.CancellationToken.IsCancellationRequested)
        {
            _events.Cancelled(call);
            call.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Contract §2.3: what a failure to decide means.</summary>
    private EnforcementDecision DecisionAbout(ToolCall call, Exception exception)
    {
        // Whatever the enforcer made of it: who cancels gets a cancellation, and no verdict that nobody gave.
        if (call.CancellationToken.IsCancellationRequested)
        {
            _events.Cancelled(call);
            throw new OperationCanceledException(call.CancellationToken);
        }

        if (exception is EnforcerUnavailableException unavailable)
        {
            if (_options.FailOpen)
            {
                Log.FailedOpen(_logger, call.Tool.Name, unavailable.SdkReasonCode, call.Session.Id);
                return new EnforcementDecision
                {
                    Decision = DecisionType.Allow,
                    DecisionReasonCode = SdkReasonCodes.SdkFailOpen,
                    SdkReasonCode = SdkReasonCodes.SdkFailOpen,
                    Reason = unavailable.StatusCode is { } status
                        ? $"enforcer unavailable (status={status}, fail-open)"
                        : $"{unavailable.Reason} (fail-open)",
                };
            }

            Log.Failure(_logger, call, unavailable.Decision, exception);
            throw Refuse(call, unavailable.Decision with { Decision = DecisionType.Block }, exception);
        }

        var refusal = EnforcementDecision.Refuse(SdkReasonCodes.EnforcerInvalidResponse, "the enforcer failed; see its own log for the cause");
        Log.Failure(_logger, call, refusal, exception);
        throw Refuse(call, refusal, exception);
    }

    /// <summary>Records that the tool does not run, and gives the exception that says so.</summary>
    private ThothException Refuse(ToolCall call, EnforcementDecision decision, Exception? cause = null)
    {
        decision = decision with
        {
            EnforcementTraceId = decision.EnforcementTraceId is { Length: > 0 } trace ? trace : call.Request.Context.EnforcementTraceId,
            ActionAttestationId = decision.ActionAttestationId is { Length: > 0 } action ? action : call.Request.ActionAttestationId,
        };
        Decided(call, decision);
        var exception = Screening.ExceptionFor(call, decision, cause);
        _events.Blocked(call, exception);
        return exception;
    }

    /// <summary>Contract §2.2: asks beside the tool, which neither waits for the verdict nor learns of it.</summary>
    private void Observe(ToolCall call)
    {
        if (!_options.EvaluateInObserveMode || call.Refusal is not null)
        {
            return;
        }

        call.Observation = Task.Run(() => VerdictBesideAsync(call));
    }

    /// <summary>The verdict as it was; an enforcer that fails, or does not answer in time, leaves the call without one.</summary>
    private async Task<EnforcementDecision?> VerdictBesideAsync(ToolCall call)
    {
        try
        {
            using var patience = new CancellationTokenSource(s_observationTimeout, _time);
            var decision = await _enforcer.EvaluateAsync(call.Request, patience.Token).AsTask().WaitAsync(patience.Token).ConfigureAwait(false);
            if (decision is not null)
            {
                Log.Decision(_logger, "observe", call, decision);
            }

            return decision;
        }
        catch (Exception exception)
        {
            Log.FailureDetail(_logger, exception, call.Tool.Name);
            return null;
        }
    }
}
