using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Serialization;
using Thoth.Interception.StepUp;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Pipeline;

/// <summary>
/// Gets the final decision about a held call: its caller waits for the approver, or goes on and makes the call again later.
/// </summary>
internal sealed class HoldApproval(
    IHoldEnforcer? enforcer, HeldCalls held, CallRecorder recorder, StepUpOptions options, TimeProvider time, ILogger logger)
{
    private readonly HoldPoller? _poller = enforcer is null ? null : new(enforcer, options, time);
    private int _waitingThreads;

    /// <summary>Waits for the approver.</summary>
    /// <exception cref="ThothException">The call is held while its caller goes on, or it is refused.</exception>
    public async ValueTask<EnforcementDecision> ResolveAsync(ToolCall call, EnforcementDecision decision)
    {
        await ThrowUnlessAwaitedAsync(call, decision).ConfigureAwait(false);
        using var linked = call.LinkTokens();
        try
        {
            var resolution = await _poller!.WaitAsync(call.Request, decision, linked?.Token ?? call.CancellationToken).ConfigureAwait(false);
            return ApplyResolution(call, decision, resolution);
        }
        catch (OperationCanceledException)
        {
            recorder.Cancelled(call);
            call.ThrowIfCancelled();
            throw;
        }
    }

    /// <summary>Waits for the approver on the thread of a synchronous tool's caller.</summary>
    /// <exception cref="ThothException">The call is held while its caller goes on, or it is refused.</exception>
    public EnforcementDecision Resolve(ToolCall call, EnforcementDecision decision)
    {
        SynchronousWait.ForMostlyCompleted(
            static state => state.Holds.ThrowUnlessAwaitedAsync(state.Call, state.Decision), (Holds: this, Call: call, Decision: decision));
        if (Interlocked.Increment(ref _waitingThreads) > options.MaxWaitingThreads)
        {
            Interlocked.Decrement(ref _waitingThreads);
            _poller!.Abandon(call.Request, decision);
            throw recorder.Refused(call, HoldResolution.Unresolved(
                decision, SdkReasonCodes.TooManyWaitingThreads,
                "too many threads wait for approvals; make the tool asynchronous or set StepUpMode.Throw"));
        }

        using var linked = call.LinkTokens();
        try
        {
            var resolution = SynchronousWait.For(
                static state => state.Poller.WaitAsync(state.Call.Request, state.Decision, state.Token),
                (Poller: _poller!, Call: call, Decision: decision, Token: linked?.Token ?? call.CancellationToken));
            return ApplyResolution(call, decision, resolution);
        }
        catch (OperationCanceledException)
        {
            recorder.Cancelled(call);
            call.ThrowIfCancelled();
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _waitingThreads);
        }
    }

    /// <summary>Asks once what became of the held call that this call resumes.</summary>
    /// <returns>The final decision, or the STEP_UP decision while the call is still held.</returns>
    public async ValueTask<EnforcementDecision> ResumeAsync(ToolCall call)
    {
        CallTelemetry.RecordResumed(call);
        using var linked = call.LinkTokens();
        var resumed = await held.ResumeAsync(call.Resumed!, call.Request, linked?.Token ?? call.CancellationToken).ConfigureAwait(false);
        call.EndsHeldCall = resumed.EndsCall;
        return resumed.Resolution is null ? resumed.Decision : ApplyResolution(call, resumed.Decision, resumed.Resolution);
    }

    private async ValueTask ThrowUnlessAwaitedAsync(ToolCall call, EnforcementDecision decision)
    {
        var refusal = DecisionValidator.RefusalOfHold(decision);
        if (refusal is null && ((call.Details?.StepUp ?? options.Mode) == StepUpMode.Throw || call.Resumed is not null))
        {
            throw await HoldAsync(call, decision).ConfigureAwait(false);
        }

        if (refusal is null && _poller is null)
        {
            refusal = HoldResolution.Unresolved(
                decision, SdkReasonCodes.StepUpNotSupported,
                "the enforcer holds the call but cannot resolve it; implement IHoldEnforcer or set StepUpMode.Throw");
        }

        CallLog.Decision(logger, "enforce", call, decision);
        CallTelemetry.RecordHeld(call, time.GetElapsedTime(call.StartedAt));
        if (refusal is not null)
        {
            throw recorder.Refused(call, refusal);
        }
    }

    /// <summary>Holds the call while its caller goes on.</summary>
    private async ValueTask<ThothException> HoldAsync(ToolCall call, EnforcementDecision decision)
    {
        if (!held.CanResume)
        {
            return recorder.Refused(call, decision);
        }

        var isJoined = false;
        try
        {
            (call.Held, isJoined) = call.Resumed is { } again
                ? (new HeldCall(again), false)
                : await held.HoldAsync(
                    call.Session,
                    new CallToHold(call.Request, decision, StepUpRequiredException.ReasonOf(decision), call.IdempotencyKey, call.Surrounding?.Series.Id),
                    call.CancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _poller!.Abandon(call.Request, decision);
            if (call.IsCancelled)
            {
                recorder.Cancelled(call);
                call.ThrowIfCancelled();
            }

            Log.FailureDetail(logger, exception, SafeText.Of(call.Tool.Name));
            return recorder.Refused(call, HoldResolution.Unresolved(
                decision, SdkReasonCodes.HeldCallNotStored, "the held call cannot be stored; repair the store of held calls"), exception);
        }

        if (call.Held is not null && !isJoined)
        {
            return recorder.Held(call, decision);
        }

        _poller!.Abandon(call.Request, decision);
        return isJoined
            ? recorder.Joined(call, decision)
            : recorder.Refused(call, HoldResolution.Unresolved(
                decision, SdkReasonCodes.TooManyHeldCalls, "the session has too many held calls; wait until some of them are decided"));
    }

    private static EnforcementDecision ApplyResolution(ToolCall call, EnforcementDecision decision, EnforcementDecision? resolution)
    {
        // Both the enforcer and the SDK time the hold. The result is the same whichever of them ends it first.
        var final = resolution is null or { SdkReasonCode: SdkReasonCodes.StepUpTimeout }
            ? HoldResolution.Unresolved(decision, SdkReasonCodes.StepUpTimeout, "step-up auth timeout — no approver response")
            : HoldResolution.Merge(call.Request, decision, resolution);
        call.WasHeld = true;
        call.WasReleased = final.Type is DecisionType.Allow or DecisionType.Modify;
        call.WasRejected = HoldResolution.IsRejection(final);
        return final;
    }
}
