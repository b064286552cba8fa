using System.Diagnostics;
using Thoth.Interception.Arguments;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Sessions;

namespace Thoth.Interception.Pipeline;

/// <summary>The state of one call in the pipeline.</summary>
internal sealed class ToolCall(
    Tool tool, ThothSession session, EnforcementRequest request, CallEvents events, object?[] values, IdempotencyKeys keys) : IRunningCall
{
    private SessionScope? _scope;
    private Activity? _parentActivity;

    public Tool Tool { get; } = tool;

    public ThothSession Session { get; } = session;

    public EnforcementRequest Request { get; } = request;

    /// <summary>Gets whether the tool runs whatever the decision is (observe mode).</summary>
    public bool IsObserved => Request.Context.Mode == EnforcementMode.Observe;

    /// <summary>Gets or sets the arguments that the tool runs with: the caller's, a copy of them, or those of a MODIFY decision.</summary>
    public object?[] Values { get; set; } = values;

    /// <summary>Gets or sets what the values of a MODIFY decision must still say when the tool starts; else they must be as they were shown.</summary>
    public ModifiedApproval? Modified { get; set; }

    /// <summary>Gets or sets whether only the library refers to the values, so that the caller cannot change them.</summary>
    public bool OwnsValues { get; set; }

    /// <summary>Gets or sets the caller's token: of the decision, then of the run if that has one of its own.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>
    /// Gets the token of the flow that the call is made in, such as an aborted request, if the caller has another token. A caller without
    /// a token has this one as <see cref="CancellationToken"/>, until the run brings one.
    /// </summary>
    public CancellationToken Aborted
    {
        get => field == CancellationToken ? default : field;
        init;
    }

    public bool IsCancelled => CancellationToken.IsCancellationRequested || Aborted.IsCancellationRequested;

    /// <summary>Gets what a tool loop said about the call; <see langword="null"/> for a call of a method or function.</summary>
    public CallDetails? Details { get; init; }

    /// <summary>Gets the scope in which the call was made; <see langword="null"/> outside of every session.</summary>
    public SessionScope? Surrounding { get; init; }

    /// <summary>Gets or sets the key by which a repetition of the call is known, once it was asked for: few tools ask.</summary>
    public CallKey? Key { get; set; }

    public string IdempotencyKey => keys.Of(this);

    public long StartedAt { get; init; }

    /// <summary>Gets the refusal of a call that cannot be evaluated, because its arguments cannot be written.</summary>
    public EnforcementDecision? Refusal { get; init; }

    /// <summary>Gets the held call that this call resumes, if any. Then the call is not evaluated again.</summary>
    public HeldCallEntry? Resumed { get; init; }

    /// <summary>Gets or sets whether this call ends the held one that it resumes: it runs, or it is refused for good.</summary>
    public bool EndsHeldCall { get; set; }

    /// <summary>Gets or sets the held call that this call has become: its caller goes on without it.</summary>
    public HeldCall? Held { get; set; }

    /// <summary>Gets or sets the effective decision; <see langword="null"/> until there is one, and in observe mode.</summary>
    public EnforcementDecision? Decision { get; set; }

    /// <summary>Gets or sets the enforcer's explanation of a BLOCK or STEP_UP, if it was requested.</summary>
    public Explanation? Explanation { get; set; }

    /// <summary>Gets or sets whether the session has recorded the start of the tool.</summary>
    public bool HasStarted { get; set; }

    /// <summary>Gets or sets whether the call waited for an approval.</summary>
    public bool WasHeld { get; set; }

    /// <summary>Gets or sets whether the call was held and its approval is for this call to use.</summary>
    public bool WasReleased { get; set; }

    /// <summary>Gets or sets whether the approval was denied or did not come in time.</summary>
    public bool WasRejected { get; set; }

    /// <summary>Gets or sets the decision that is evaluated beside the running tool (observe mode).</summary>
    public Task<EnforcementDecision?>? Observation { get; set; }

    /// <summary>The call's events: the first is recorded, the last will follow.</summary>
    public CallEvents Events { get; } = events;

    /// <summary>Gets the span that describes the call: its own, or the one of a GenAI library.</summary>
    public Activity? Span { get; init; }

    /// <summary>Gets the call's own span, which is current while the tool runs and ends with it.</summary>
    public Activity? Activity
    {
        get;
        init
        {
            field = value;
            _parentActivity = value?.Parent;
        }
    }

    /// <summary>Links both tokens for a wait; <see langword="null"/> if <see cref="CancellationToken"/> is the only one.</summary>
    public CancellationTokenSource? LinkTokens() =>
        Aborted.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(CancellationToken, Aborted) : null;

    /// <summary>Throws with the caller's own token and never with a linked one, because callers compare tokens.</summary>
    public void ThrowIfCancelled()
    {
        CancellationToken.ThrowIfCancellationRequested();
        Aborted.ThrowIfCancellationRequested();
    }

    /// <summary>Makes the call the one that the flow runs. Pass what it returns to <see cref="Leave"/>.</summary>
    public EnteredCall Enter(ThothSessions sessions) => sessions.EnterCall(this, Session, ref _scope);

    /// <summary>Makes the call the one that the flow runs, with the permit that the tool may use.</summary>
    public SessionScope Enter(ThothSessions sessions, CallPermit? permit) => _scope = sessions.Enter(Session, permit: permit, call: this);

    /// <summary>Returns the flow to the scope before, while the tool may still be running.</summary>
    public void Leave(ThothSessions sessions, in EnteredCall entered) => sessions.LeaveCall(_scope!, entered);

    /// <summary>Records that the tool has ended: what it left running does not belong to the call.</summary>
    public void EndScope() => _scope?.EndCall();

    /// <summary>Makes the call's activity current: the caller continues a sequence, perhaps within another activity than before.</summary>
    public void Resume()
    {
        if (Activity is not null)
        {
            _parentActivity = Activity.Current;
            Activity.Current = Activity;
        }
    }

    /// <summary>Makes the caller's activity current again: the caller continues while the call may still be running.</summary>
    public void ReturnToCaller()
    {
        if (Activity is not null)
        {
            Activity.Current = _parentActivity;
        }
    }
}
