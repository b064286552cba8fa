namespace Thoth.Interception.Events.Queue;

/// <summary>The two events of one call on their way into the queues: its first is recorded, its last will follow.</summary>
internal abstract class CallEvents
{
    /// <summary>Whether the tool must not run before <see cref="SecureAsync"/> has allowed it.</summary>
    public abstract bool MustBeSecured { get; }

    /// <summary>Called once, after the call has been approved and before its tool runs.</summary>
    /// <returns>Whether the tool may run.</returns>
    public abstract ValueTask<bool> SecureAsync(EnforcementDecision? decision, CancellationToken cancellationToken);

    /// <summary>Records the call's last event, or none: then the place that was kept for it is released.</summary>
    public abstract void End(BehavioralEvent? last);
}
