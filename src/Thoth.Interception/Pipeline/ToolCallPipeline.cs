using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.Arguments;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Health;
using Thoth.Interception.Serialization;
using Thoth.Interception.Sessions;
using Thoth.Interception.StepUp;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Pipeline;

/// <summary>
/// Every governed call takes these steps, whatever its entrance: <see cref="Begin"/>, then <see cref="ApproveAsync"/> (or its two
/// halves) or <see cref="Approve"/>, then <see cref="Start"/>, then the tool, then <see cref="Completed"/> or <see cref="Failed"/>.
/// Until <see cref="Start"/> has returned, any exception means that the tool does not run; afterwards nothing here throws. Once it
/// is disposed with its service provider, no tool starts.
/// </summary>
internal sealed class ToolCallPipeline : IDisposable
{
    private static readonly EnforcementDecision s_sessionRequired = EnforcementDecision.Refuse(
        SdkReasonCodes.SessionRequired, "the call belongs to no session; enter one with IThothSessions.GetOrStart(id).Enter()");

    private readonly ThothSessions _sessions;
    private readonly ToolCallApproval _approval;
    private readonly CallRecorder _record;
    private readonly ThothOptions _options;
    private readonly CallClock _clock;
    private readonly IdempotencyKeys _keys;
    private readonly ILogger _logger;
    private volatile bool _isClosed;

    public ToolCallPipeline(
        IEnforcer enforcer, EnforcerAvailability availability, ThothSessions sessions, EventPipeline events, IOptions<ThothOptions> options,
        TimeProvider time, ILogger<ToolCallPipeline> logger, IEnumerable<IStartupCheck> checks, HeldCalls held, IdempotencyKeys keys)
    {
        // Every governed service needs the pipeline, so a check that fails here stops them all.
        foreach (var check in checks)
        {
            check.ThrowIfFailed();
        }

        _sessions = sessions;
        _options = options.Value;
        _keys = keys;
        _clock = new CallClock(time);
        _logger = new NonThrowingLogger<ToolCallPipeline>(logger);
        _record = new CallRecorder(events, enforcer as ICountingEnforcer, _options.Events, time, _logger);
        _approval = new ToolCallApproval(
            enforcer, availability, _record, new ObserveModeEvaluator(enforcer, availability, _options, time, _logger), held, _options, time, _logger);
        if (_options.ApiUrl is not null)
        {
            // A client tells the API once that it has started (contract §5.5). Without the API the event would say nothing new.
            events.Enqueue(BehavioralEvent.SessionStarted(sessions.Default.Context, time.GetUtcNow()));
        }
    }

    /// <summary>Gets the permit of the decided call that this flow runs, if calls in it are still in that call's open session.</summary>
    public CallPermit? Permit => _isClosed ? null : _sessions.CurrentPermit;

    /// <summary>Writes the request of a call and records that the tool was called.</summary>
    public ToolCall Begin(Tool tool, object?[] values, CancellationToken? cancellationToken = null, CallDetails? details = null)
    {
        var scope = _sessions.CurrentScope;
        var session = scope?.Session ?? _sessions.Default;
        var startedAt = _clock.Timestamp();
        var refusal = _options.RequireSession && (scope is null || session == _sessions.Default) ? s_sessionRequired : details?.Refusal;
        byte[] arguments = [];
        var copies = false;
        var isEvaluated = IsEvaluated(session);
        if (details?.Refusal is null && (isEvaluated || _options.Events.Capture == EventCapture.Arguments))
        {
            try
            {
                copies = tool.Isolation == ArgumentIsolation.Copy && session.Context.Mode != EnforcementMode.Observe;
                arguments = tool.Parameters.Serialize(
                    values, !isEvaluated ? WritingPurpose.Capture : copies ? WritingPurpose.Copy : WritingPurpose.Show);
            }
            catch (ArgumentNotSerializableException exception)
            {
                refusal = EnforcementDecision.Refuse(SdkReasonCodes.ToolArgsNotSerializable, exception.Message);
                Log.FailureDetail(_logger, exception, SafeText.Of(tool.Name));
            }
        }

        // A call that is only observed runs whatever becomes of a held one.
        var resumed = refusal is null && session.Context.Mode != EnforcementMode.Observe ? HeldCalls.Find(scope, session, tool.Name, arguments) : null;
        var request = new EnforcementRequest
        {
            Context = session.Context,
            ToolName = tool.Name,
            ToolNameJson = tool.SessionName.Json,
            Arguments = arguments,
            Action = tool.Action,
            SessionToolCalls = resumed is null ? session.SnapshotWith(tool.SessionName) : HeldCallData.Of(resumed).SessionToolCalls,
            OccurredAt = _clock.UtcAt(startedAt),
            ActionId = resumed is null ? default : new CallId(resumed.ActionAttestationId),
            ResumeNonce = resumed is null ? null : Guid.NewGuid().ToString("N"),
        };
        var (span, isOwnSpan) = CallTelemetry.Start(tool.Name, session.Context, details?.CallId);
        session.BeginUse();
        var own = cancellationToken ?? tool.Parameters.CancellationTokenIn(values);
        var aborted = scope?.Aborted ?? default;
        return new ToolCall(tool, session, request, resumed is null ? _record.Requested(tool, request, details) : _record.Resumed(request, details), values, _keys)
        {
            Surrounding = scope,
            Resumed = resumed,
            Details = details,
            OwnsValues = copies,
            StartedAt = startedAt,
            Refusal = refusal,
            Span = span,
            Activity = isOwnSpan ? span : null,
            CancellationToken = own.CanBeCanceled ? own : aborted,
            Aborted = aborted,
        };
    }

    /// <summary>Records that a call whose arguments cannot be read does not run.</summary>
    /// <returns>The exception for the caller.</returns>
    public ThothException Refuse(ToolCall call) => _record.Refused(call, call.Refusal!);

    /// <summary>Evaluates the call of an asynchronous tool. Never throws: the task's outcome is for <see cref="ApplyAsync"/>.</summary>
    public ValueTask<EnforcementDecision> EvaluateAsync(ToolCall call) => _approval.EvaluateAsync(call);

    /// <summary>Applies the decision or the enforcer's failure, then secures the call's events if the options ask for it.</summary>
    public ValueTask ApplyAsync(ToolCall call, EnforcementDecision? decision, Exception? failure)
    {
        var approval = _approval.ApplyAsync(call, decision, failure);
        return call.Events.MustBeSecured ? SecureAsync(approval, call) : approval;
    }

    /// <summary>Evaluates the call and applies the decision.</summary>
    public async ValueTask ApproveAsync(ToolCall call)
    {
        EnforcementDecision? decision = null;
        Exception? failure = null;
        try
        {
            decision = await EvaluateAsync(call).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        await ApplyAsync(call, decision, failure).ConfigureAwait(false);
    }

    /// <summary>Evaluates the call of a synchronous tool and applies the decision. It blocks the thread only to secure events.</summary>
    public void Approve(ToolCall call)
    {
        _approval.Approve(call);
        if (call.Events.MustBeSecured)
        {
            SynchronousWait.ForMostlyCompleted(static state => state.Record.SecureAsync(state.Call), (Record: _record, Call: call));
        }
    }

    /// <summary>
    /// The last step before the tool: checks that the arguments are still the approved ones and that the session is open, and adds
    /// the call to the session's history.
    /// </summary>
    public void Start(ToolCall call)
    {
        if (!call.IsObserved)
        {
            _record.ThrowIfCancelled(call);
            EnsureUnchanged(call);
        }

        // A tool that ran after this point would leave no events.
        if (_isClosed || !call.Session.TryRecordStart(call.Tool.SessionName))
        {
            throw Closed(call);
        }

        call.HasStarted = true;
    }

    /// <summary>
    /// The last step before a delayed body: throws unless the session is still open and the arguments that the body will read are
    /// still the approved ones.
    /// </summary>
    public void Recheck(ToolCall call)
    {
        if (_isClosed || call.Session.IsClosed)
        {
            throw Closed(call);
        }

        if (!call.IsObserved && !call.OwnsValues)
        {
            EnsureUnchanged(call);
        }
    }

    /// <summary>Makes the call the one that this flow runs, for <see cref="ICurrentToolCall"/>. Pass what it returns to <see cref="LeaveTool"/>.</summary>
    public EnteredCall EnterTool(ToolCall call) => call.Enter(_sessions);

    public void LeaveTool(ToolCall call, in EnteredCall entered) => call.Leave(_sessions, entered);

    public void Completed(ToolCall call, object? result)
    {
        call.EndScope();
        _record.Completed(call, result);
    }

    public void Failed(ToolCall call, Exception exception)
    {
        call.EndScope();
        _keys.Failed(call);
        _record.Failed(call, exception);
    }

    /// <summary>Records that the caller gave up the call before its tool, or the body of its sequence, started.</summary>
    public void Abandoned(ToolCall call)
    {
        call.EndScope();
        _record.Cancelled(call);
    }

    public void Dispose() => _isClosed = true;

    private ThothException Closed(ToolCall call) => _record.Refused(call, EnforcementDecision.Refuse(
        SdkReasonCodes.SessionClosed, "the session or its service provider is closed; start a new one"));

    private async ValueTask SecureAsync(ValueTask approval, ToolCall call)
    {
        await approval.ConfigureAwait(false);
        await _record.SecureAsync(call).ConfigureAwait(false);
    }

    private bool IsEvaluated(ThothSession session) =>
        session.Context.Mode != EnforcementMode.Observe || _options.EvaluateInObserveMode;

    private void EnsureUnchanged(ToolCall call)
    {
        if (!call.OwnsValues && !call.Tool.Parameters.AreUnchanged(call.Values, call.Request.Arguments, call.Modified))
        {
            throw _record.Refused(call, EnforcementDecision.Refuse(
                SdkReasonCodes.ToolArgsChanged, call.Tool.Parameters.DescribeChange(call.Values, call.Request.Arguments, call.Modified)));
        }
    }
}
