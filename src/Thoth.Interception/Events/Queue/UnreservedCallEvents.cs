namespace Thoth.Interception.Events.Queue;

/// <summary>
/// Reserves nothing: a queue that is full drops the event and counts it. It holds no state of a call, so that all calls share one.
/// </summary>
internal sealed class UnreservedCallEvents(ISinkQueue[] queues) : CallEvents
{
    public override bool MustBeSecured => false;

    public override ValueTask<bool> SecureAsync(EnforcementDecision? decision, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public override void End(BehavioralEvent? last)
    {
        if (last is null)
        {
            return;
        }

        foreach (var queue in queues)
        {
            queue.Enqueue(last);
        }
    }
}
