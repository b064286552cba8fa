using Microsoft.Extensions.Logging;
using Thoth.Interception.Arguments;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Health;
using Thoth.Interception.Serialization;
using Thoth.Interception.StepUp;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Pipeline;

/// <summary>Evaluates a call and applies the decision: returns if the tool may run, throws if it must not.</summary>
internal sealed class ToolCallApproval(
    IEnforcer enforcer, EnforcerAvailability availability, CallRecorder recorder, ObserveModeEvaluator observeModeEvaluator, HeldCalls held,
    ThothOptions options, TimeProvider time, ILogger logger)
{
    private readonly ISynchronousEnforcer? _synchronousEnforcer = enforcer as ISynchronousEnforcer;
    private readonly HoldApproval _holds = new(enforcer as IHoldEnforcer, held, recorder, options.StepUp, time, logger);
    private readonly Explainer _explainer = new(enforcer as IExplainingEnforcer, options.Explain, time, logger);

    /// <summary>
    /// For an asynchronous tool: starts the evaluation, unless the library refuses the call or only observes it. Never throws: the
    /// outcome of the task is for <see cref="ApplyAsync"/>, which ignores it if there was no evaluation.
    /// </summary>
    public ValueTask<EnforcementDecision> EvaluateAsync(ToolCall call)
    {
        if (call.IsObserved)
        {
            observeModeEvaluator.Begin(call);
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
            return call.Resumed is null ? enforcer.EvaluateAsync(call.Request, call.CancellationToken) : _holds.ResumeAsync(call);
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

    /// <summary>Applies the decision, or the consequence of a failed evaluation.</summary>
    public ValueTask ApplyAsync(ToolCall call, EnforcementDecision? evaluated, Exception? failure)
    {
        if (call.IsObserved)
        {
            return ValueTask.CompletedTask;
        }

        var decision = ToDecision(call, evaluated, failure);
        if (decision.Type != DecisionType.Allow)
        {
            return ApplyNonAllowAsync(call, decision);
        }

        // Most decisions allow the call. Then this method has nothing to await.
        recorder.Decided(call, decision);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Evaluates the call of a synchronous tool and applies the decision. No asynchronous code runs if the enforcer is an
    /// <see cref="ISynchronousEnforcer"/> and does not hold the call.
    /// </summary>
    public void Approve(ToolCall call)
    {
        if (call.IsObserved)
        {
            observeModeEvaluator.Begin(call);
            return;
        }

        var (evaluated, failure) = TryEvaluate(call);
        var decision = ToDecision(call, evaluated, failure);
        if (call.Resumed is null && _explainer.CanExplain(decision))
        {
            call.Explanation = _explainer.Explain(call.Request, decision, call.CancellationToken);
        }

        if (decision.Type == DecisionType.StepUp)
        {
            decision = _holds.Resolve(call, decision);
        }

        Apply(call, decision);
    }

    private (EnforcementDecision? Decision, Exception? Failure) TryEvaluate(ToolCall call)
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

    private EnforcementDecision Evaluate(ToolCall call)
    {
        if (call.Resumed is not null)
        {
            return SynchronousWait.For(static state => state.Holds.ResumeAsync(state.Call), (Holds: _holds, Call: call));
        }

        return _synchronousEnforcer is { } synchronous
            ? synchronous.Evaluate(call.Request, call.CancellationToken)
            : SynchronousWait.For(
                static state => state.Enforcer.EvaluateAsync(state.Call.Request, state.Call.CancellationToken),
                (Enforcer: enforcer, Call: call));
    }

    /// <summary>Applies a decision other than ALLOW, which may be explained or held first.</summary>
    private async ValueTask ApplyNonAllowAsync(ToolCall call, EnforcementDecision decision)
    {
        if (call.Resumed is null && _explainer.CanExplain(decision))
        {
            call.Explanation = await _explainer.ExplainAsync(call.Request, decision, call.CancellationToken).ConfigureAwait(false);
        }

        if (decision.Type == DecisionType.StepUp)
        {
            decision = await _holds.ResolveAsync(call, decision).ConfigureAwait(false);
        }

        Apply(call, decision);
    }

    private void Apply(ToolCall call, EnforcementDecision decision)
    {
        if (decision.Type == DecisionType.Modify)
        {
            if (ModifiedArguments.Bind(call.Tool.Parameters, decision.ModifiedToolArgs, call.Values, call.Request.Arguments) is not { } bound)
            {
                throw recorder.Refused(call, decision with
                {
                    Type = DecisionType.Block,
                    SdkReasonCode = SdkReasonCodes.ModifyNotApplicable,
                    DecisionReasonCode = SdkReasonCodes.ModifyNotApplicable,
                    Reason = "the policy changed the arguments in a way that does not fit the tool's parameters completely",
                });
            }

            (call.Values, call.Modified) = bound;
        }
        else if (decision.Type != DecisionType.Allow)
        {
            throw recorder.Refused(call, decision);
        }

        recorder.Decided(call, decision);
    }

    private EnforcementDecision ToDecision(ToolCall call, EnforcementDecision? evaluated, Exception? failure)
    {
        if (call.Refusal is not null)
        {
            throw recorder.Refused(call, call.Refusal);
        }

        if (failure is not null)
        {
            return DecideOnFailure(call, failure);
        }

        availability.Answered();
        return DecisionValidator.Validate(call.Request, evaluated);
    }

    /// <summary>Converts a failed evaluation to a decision or a refusal (contract §2.3).</summary>
    private EnforcementDecision DecideOnFailure(ToolCall call, Exception exception)
    {
        // A caller that cancels gets a cancellation and never a decision, even if the enforcer reports another failure.
        if (call.IsCancelled)
        {
            recorder.Cancelled(call);
            call.ThrowIfCancelled();
        }

        if (exception is EnforcerUnavailableException unavailable)
        {
            availability.Failed();
            if (options.FailOpen)
            {
                Log.FailedOpen(logger, SafeText.Of(call.Tool.Name), unavailable.SdkReasonCode, SafeText.Of(call.Session.Id));
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
            throw recorder.Refused(call, unavailable.Decision with { Type = DecisionType.Block }, exception);
        }

        var refusal = EnforcementDecision.Refuse(SdkReasonCodes.EnforcerInvalidResponse, "the enforcer failed; see its own log for the cause");
        CallLog.Failure(logger, call, refusal, exception);
        throw recorder.Refused(call, refusal, exception);
    }
}
