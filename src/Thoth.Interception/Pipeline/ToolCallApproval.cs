using Microsoft.Extensions.Logging;
using Thoth.Interception.Arguments;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Health;
using Thoth.Interception.StepUp;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Pipeline;

/// <summary>Has a call decided and carries the decision out: returns if the tool may run, throws if it must not.</summary>
internal sealed class ToolCallApproval(
    IEnforcer enforcer, EnforcerAvailability reach, CallRecorder record, ObserveModeEvaluator observation, ThothOptions options, TimeProvider time,
    ILogger logger)
{
    private readonly ISynchronousEnforcer? _synchronousEnforcer = enforcer as ISynchronousEnforcer;
    private readonly HoldPoller? _holds = enforcer is IHoldEnforcer holdEnforcer ? new(holdEnforcer, options.StepUp, time) : null;
    private readonly Explainer _explainer = new(enforcer as IExplainingEnforcer, options.Explain, time, logger);

    /// <summary>
    /// For an asynchronous tool: evaluates the call, unless the library refuses it or only observes. Never throws:
    /// <see cref="ObeyAsync"/> takes the result, and knows when there was no evaluation.
    /// </summary>
    public ValueTask<EnforcementDecision> AskAsync(ToolCall call)
    {
        if (call.IsObserved)
        {
            observation.Begin(call);
        }

        if (call.IsObserved || call.Refusal is not null)
        {
            return default;
        }

        if (call.CancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<EnforcementDecision>(call.CancellationToken);
        }

        var ambient = AmbientContext.Capture();
        try
        {
            return enforcer.EvaluateAsync(call.Request, call.CancellationToken);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<EnforcementDecision>(exception);
        }
        finally
        {
            ambient.Restore();
        }
    }

    /// <summary>Carries out the decision, or what a failure to decide means.</summary>
    public ValueTask ObeyAsync(ToolCall call, EnforcementDecision? answer, Exception? failure)
    {
        if (call.IsObserved)
        {
            return ValueTask.CompletedTask;
        }

        var decision = DecisionOf(call, answer, failure);
        if (decision.Type != DecisionType.Allow)
        {
            return ObeyOtherAsync(call, decision);
        }

        // Most decisions allow the call, and then there is nothing to wait for.
        record.Decided(call, decision);
        return ValueTask.CompletedTask;
    }

    /// <summary>For a synchronous tool, without asynchronous code if the enforcer is an <see cref="ISynchronousEnforcer"/>.</summary>
    public void Approve(ToolCall call)
    {
        if (call.IsObserved)
        {
            observation.Begin(call);
            return;
        }

        var (answer, failure) = Ask(call);
        var decision = DecisionOf(call, answer, failure);
        if (_explainer.Explains(decision))
        {
            call.Explanation = _explainer.Explain(call.Request, decision, call.CancellationToken);
        }

        if (decision.Type == DecisionType.StepUp)
        {
            decision = Held(call, decision);
        }

        Obey(call, decision);
    }

    private (EnforcementDecision? Answer, Exception? Failure) Ask(ToolCall call)
    {
        if (call.Refusal is not null)
        {
            return default;
        }

        var ambient = AmbientContext.Capture();
        try
        {
            call.CancellationToken.ThrowIfCancellationRequested();
            return (Evaluate(call), null);
        }
        catch (Exception exception)
        {
            return (null, exception);
        }
        finally
        {
            ambient.Restore();
        }
    }

    private EnforcementDecision Evaluate(ToolCall call) => _synchronousEnforcer is { } synchronous
        ? synchronous.Evaluate(call.Request, call.CancellationToken)
        : SynchronousWait.For(
            static state => state.Enforcer.EvaluateAsync(state.Call.Request, state.Call.CancellationToken),
            (Enforcer: enforcer, Call: call));

    /// <summary>Carries out a decision other than ALLOW, which may be explained or held first.</summary>
    private async ValueTask ObeyOtherAsync(ToolCall call, EnforcementDecision decision)
    {
        if (_explainer.Explains(decision))
        {
            call.Explanation = await _explainer.ExplainAsync(call.Request, decision, call.CancellationToken).ConfigureAwait(false);
        }

        if (decision.Type == DecisionType.StepUp)
        {
            RefuseUnlessHeld(call, decision);
            EnforcementDecision? resolution;
            try
            {
                resolution = await _holds!.WaitAsync(call.Request, decision, call.CancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                record.Cancelled(call);
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
                (Holds: _holds!, Call: call, Held: held));
            return Resolution(call, held, resolution);
        }
        catch (OperationCanceledException)
        {
            record.Cancelled(call);
            throw;
        }
    }

    private void RefuseUnlessHeld(ToolCall call, EnforcementDecision held)
    {
        var refusal = DecisionValidator.RefusalOfHold(held);
        if (refusal is null && options.StepUp.Mode == StepUpMode.Throw)
        {
            throw record.Refused(call, held);
        }

        if (refusal is null && _holds is null)
        {
            refusal = HoldResolution.Unresolved(
                held, SdkReasonCodes.StepUpNotSupported,
                "the enforcer holds the call but cannot resolve it; implement IHoldEnforcer or set StepUpMode.Throw");
        }

        CallLog.Decision(logger, "enforce", call, held);
        if (refusal is not null)
        {
            throw record.Refused(call, refusal);
        }
    }

    private EnforcementDecision Resolution(ToolCall call, EnforcementDecision held, EnforcementDecision? resolution)
    {
        // The enforcer and the SDK both keep the time. If the enforcer ends the hold first, the result is the same.
        var final = resolution is null or { SdkReasonCode: SdkReasonCodes.StepUpTimeout }
            ? HoldResolution.Unresolved(held, SdkReasonCodes.StepUpTimeout, "step-up auth timeout — no approver response")
            : HoldResolution.Merge(call.Request, held, resolution);
        call.WasHeld = true;
        call.WasRejected = HoldResolution.IsRejection(final);
        return final;
    }

    private void Obey(ToolCall call, EnforcementDecision decision)
    {
        if (decision.Type == DecisionType.Modify)
        {
            if (ModifiedArguments.Bind(call.Tool.Parameters, decision.ModifiedToolArgs, call.Values) is not { } values)
            {
                throw record.Refused(call, decision with
                {
                    Type = DecisionType.Block,
                    SdkReasonCode = SdkReasonCodes.ModifyNotApplicable,
                    DecisionReasonCode = SdkReasonCodes.ModifyNotApplicable,
                    Reason = "the policy changed the arguments in a way that does not fit the tool's parameters",
                });
            }

            call.Values = values;
            call.OwnsValues = true;
        }
        else if (decision.Type != DecisionType.Allow)
        {
            throw record.Refused(call, decision);
        }

        record.Decided(call, decision);
    }

    private EnforcementDecision DecisionOf(ToolCall call, EnforcementDecision? answer, Exception? failure)
    {
        if (call.Refusal is not null)
        {
            throw record.Refused(call, call.Refusal);
        }

        if (failure is not null)
        {
            return DecisionAbout(call, failure);
        }

        reach.Answered();
        return DecisionValidator.Validate(call.Request, answer);
    }

    /// <summary>Contract §2.3: what a failure to decide means.</summary>
    private EnforcementDecision DecisionAbout(ToolCall call, Exception exception)
    {
        // A caller that cancels gets a cancellation, whatever the enforcer made of it, and never a verdict.
        if (call.CancellationToken.IsCancellationRequested)
        {
            record.Cancelled(call);
            throw new OperationCanceledException(call.CancellationToken);
        }

        if (exception is EnforcerUnavailableException unavailable)
        {
            reach.Failed();
            if (options.FailOpen)
            {
                Log.FailedOpen(logger, call.Tool.Name, unavailable.SdkReasonCode, call.Session.Id);
                return new EnforcementDecision
                {
                    Type = DecisionType.Allow,
                    DecisionReasonCode = SdkReasonCodes.SdkFailOpen,
                    SdkReasonCode = SdkReasonCodes.SdkFailOpen,
                    Reason = unavailable.StatusCode is { } status
                        ? $"enforcer unavailable (status={status}, fail-open)"
                        : $"{unavailable.Reason} (fail-open)",
                };
            }

            CallLog.Failure(logger, call, unavailable.Decision, exception);
            throw record.Refused(call, unavailable.Decision with { Type = DecisionType.Block }, exception);
        }

        var refusal = EnforcementDecision.Refuse(SdkReasonCodes.EnforcerInvalidResponse, "the enforcer failed; see its own log for the cause");
        CallLog.Failure(logger, call, refusal, exception);
        throw record.Refused(call, refusal, exception);
    }
}
