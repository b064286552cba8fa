using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.Arguments;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Events;
using Thoth.Interception.Health;
using Thoth.Interception.Sessions;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Pipeline;

/// <summary>
/// The way of every governed call, whichever entrance it came by: <see cref="Begin"/>, <see cref="ApproveAsync"/> (or its
/// two halves) or <see cref="Approve"/>, <see cref="Start"/>, then the tool itself, then <see cref="Completed"/> or <see cref="Failed"/>.
/// Until <see cref="Start"/> has returned, every exception means that the tool does not run; from then on nothing here throws.
/// Disposed with its service provider, it starts nothing any more.
/// </summary>
internal sealed class ToolCallPipeline : IDisposable
{
    private readonly ThothSessions _sessions;
    private readonly ToolCallApproval _approval;
    private readonly CallRecorder _record;
    private readonly ThothOptions _options;
    private readonly CallClock _clock;
    private readonly ILogger _logger;
    private volatile bool _isClosed;

    public ToolCallPipeline(
        IEnforcer enforcer, EnforcerAvailability reach, ThothSessions sessions, EventPipeline events, IOptions<ThothOptions> options,
        TimeProvider time, ILogger<ToolCallPipeline> logger, IEnumerable<IStartupCheck> checks)
    {
        // Every governed service needs the pipeline, so a check that fails here stops them all.
        foreach (var check in checks)
        {
            check.ThrowIfFailed();
        }

        _sessions = sessions;
        _options = options.Value;
        _clock = new CallClock(time);
        _logger = new NonThrowingLogger<ToolCallPipeline>(logger);
        _record = new CallRecorder(events, _options.Events, time, _logger);
        _approval = new ToolCallApproval(
            enforcer, reach, _record, new ObserveModeEvaluator(enforcer, reach, _options, time, _logger), _options, time, _logger);
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
        var startedAt = _clock.Timestamp();
        EnforcementDecision? refusal = null;
        byte[] arguments = [];
        if (IsAsked(session) || _options.Events.Capture == EventCapture.Arguments)
        {
            try
            {
                arguments = tool.Parameters.Serialize(values);
            }
            catch (ArgumentNotSerializableException exception)
            {
                refusal = EnforcementDecision.Refuse(SdkReasonCodes.ToolArgsNotSerializable, exception.Message);
                Log.FailureDetail(_logger, exception, tool.Name);
            }
        }

        var request = new EnforcementRequest
        {
            Context = session.Context,
            ToolName = tool.Name,
            ToolNameJson = tool.SessionName.Json,
            Arguments = arguments,
            Action = tool.Action,
            SessionToolCalls = session.SnapshotWith(tool.SessionName),
            OccurredAt = _clock.UtcAt(startedAt),
        };
        var activity = CallTelemetry.Start(tool.Name);
        return new ToolCall(tool, session, request, _record.Requested(tool, request), values)
        {
            StartedAt = startedAt,
            Refusal = refusal,
            Activity = activity,
            CancellationToken = cancellationToken ?? tool.Parameters.CancellationTokenIn(values),
        };
    }

    /// <summary>For an asynchronous tool: asks. Never throws: what comes of it is for <see cref="ObeyAsync"/>.</summary>
    public ValueTask<EnforcementDecision> AskAsync(ToolCall call) => _approval.AskAsync(call);

    /// <summary>Obeys the answer, or what the failure to give one means, and makes sure of the call's evidence where the options say so.</summary>
    public ValueTask ObeyAsync(ToolCall call, EnforcementDecision? answer, Exception? failure)
    {
        var approval = _approval.ObeyAsync(call, answer, failure);
        return call.Events.MustBeSecured ? SecureAsync(approval, call) : approval;
    }

    /// <summary>Both in one step.</summary>
    public async ValueTask ApproveAsync(ToolCall call)
    {
        EnforcementDecision? answer = null;
        Exception? failure = null;
        try
        {
            answer = await AskAsync(call).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        await ObeyAsync(call, answer, failure).ConfigureAwait(false);
    }

    /// <summary>The same for a synchronous tool, whose thread it blocks only where evidence has to be waited for.</summary>
    public void Approve(ToolCall call)
    {
        _approval.Approve(call);
        if (call.Events.MustBeSecured)
        {
            SynchronousWait.ForMostlyDone(static state => state.Record.SecureAsync(state.Call), (Record: _record, Call: call));
        }
    }

    /// <summary>
    /// The last step before the tool: what was approved is what runs, the session is open, and its history knows of the call.
    /// </summary>
    public void Start(ToolCall call)
    {
        if (!call.IsObserved)
        {
            _record.ThrowIfCancelled(call);
            EnsureUnchanged(call);
        }

        // Nothing that ran now would be on record, in whatever session it was called.
        if (_isClosed || !call.Session.TryRecordStart(call.Tool.SessionName))
        {
            throw Closed(call);
        }
    }

    /// <summary>
    /// The last step before a delayed body: the session is still open, and the arguments that the body is about to read still are
    /// what was approved. Throws where they are not.
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

    public void Completed(ToolCall call, object? result) => _record.Completed(call, result);

    public void Failed(ToolCall call, Exception exception) => _record.Failed(call, exception);

    /// <summary>The tool never began to produce anything, and nobody waits for it any more.</summary>
    public void Abandoned(ToolCall call) => _record.Cancelled(call);

    public void Dispose() => _isClosed = true;

    private ThothException Closed(ToolCall call) => _record.Refused(call, EnforcementDecision.Refuse(
        SdkReasonCodes.SessionClosed, "the session or its service provider is closed; start a new one"));

    private async ValueTask SecureAsync(ValueTask approval, ToolCall call)
    {
        await approval.ConfigureAwait(false);
        await _record.SecureAsync(call).ConfigureAwait(false);
    }

    private bool IsAsked(ThothSession session) =>
        session.Context.Mode != EnforcementMode.Observe || _options.EvaluateInObserveMode;

    private void EnsureUnchanged(ToolCall call)
    {
        if (call.OwnsValues)
        {
            return;
        }

        if (call.Tool.Isolation == ArgumentIsolation.Copy)
        {
            call.Values = call.Tool.Parameters.Copy(call.Values, call.Request.Arguments) ?? throw _record.Refused(call, EnforcementDecision.Refuse(
                SdkReasonCodes.ToolArgsNotSerializable, "the arguments cannot be read back from what was approved; use ArgumentIsolation.Verify"));
            call.OwnsValues = true;
        }
        else if (!call.Tool.Parameters.AreUnchanged(call.Values, call.Request.Arguments.Span))
        {
            throw _record.Refused(call, EnforcementDecision.Refuse(
                SdkReasonCodes.ToolArgsChanged, "the arguments changed after they were approved; leave them alone until the call returns"));
        }
    }
}
