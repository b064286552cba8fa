using System.Diagnostics;
using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.Pipeline;

/// <summary>One call of a tool on its way through the pipeline.</summary>
internal sealed class ToolCall(Tool tool, ThothSession session, EnforcementRequest request, CallEvents events, object?[] values)
{
    private Activity? _callersActivity;

    public Tool Tool { get; } = tool;

    public ThothSession Session { get; } = session;

    public EnforcementRequest Request { get; } = request;

    /// <summary>Observe mode: the tool runs whatever anybody decides.</summary>
    public bool IsObserved => Request.Context.Mode == EnforcementMode.Observe;

    /// <summary>What the tool runs with: the caller's values, a copy of them, or those of a MODIFY decision.</summary>
    public object?[] Values { get; set; } = values;

    /// <summary>The values are the library's own, so that nobody else can change them any more.</summary>
    public bool OwnsValues { get; set; }

    /// <summary>The caller's own token.</summary>
    public CancellationToken CancellationToken { get; init; }

    public long StartedAt { get; init; }

    /// <summary>Why the call cannot even be asked about.</summary>
    public EnforcementDecision? Refusal { get; init; }

    /// <summary>The decision that counts; <see langword="null"/> until there is one, and in observe mode.</summary>
    public EnforcementDecision? Decision { get; set; }

    /// <summary>The enforcer's explanation of its BLOCK or STEP_UP, where one was asked for.</summary>
    public Explanation? Explanation { get; set; }

    /// <summary>The call waited for a human.</summary>
    public bool WasHeld { get; set; }

    /// <summary>A human denied the call, or did not answer in time.</summary>
    public bool WasRejected { get; set; }

    /// <summary>Observe mode: the decision that is being asked for beside the running tool.</summary>
    public Task<EnforcementDecision?>? Observation { get; set; }

    /// <summary>The call's events: the first is recorded, the last will follow.</summary>
    public CallEvents Events { get; } = events;

    public Activity? Activity
    {
        get;
        init
        {
            field = value;
            _callersActivity = value?.Parent;
        }
    }

    /// <summary>The caller lets a sequence go on, maybe within another activity than the one that it called in.</summary>
    public void Resume()
    {
        if (Activity is not null)
        {
            _callersActivity = Activity.Current;
            Activity.Current = Activity;
        }
    }

    /// <summary>The caller goes on while the call may still be under way: its own activity is current for it again.</summary>
    public void ReturnToCaller()
    {
        if (Activity is not null)
        {
            Activity.Current = _callersActivity;
        }
    }
}
