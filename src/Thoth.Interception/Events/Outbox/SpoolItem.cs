using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.Events.Outbox;

/// <summary>Represents something to be written in its turn: an event, the decision about a call, or a mark in the order.</summary>
internal sealed class SpoolItem
{
    private SpoolItem(BehavioralEvent? e, string phase, TaskCompletionSource<long>? written) => (Event, Phase, Written) = (e, phase, written);

    public BehavioralEvent? Event { get; }

    public string Phase { get; }

    /// <summary>
    /// Completes when this item and all before it are on disk, with the newest record's sequence number; <see langword="null"/> if
    /// the item has no waiter.
    /// </summary>
    public TaskCompletionSource<long>? Written { get; }

    /// <summary>Whether the item came from <see cref="ISinkQueue.Enqueue"/> and holds a permit of the queue's capacity.</summary>
    public bool IsEvent => Written is null;

    /// <summary>Whether a call waits, which is refused if the write fails.</summary>
    public bool IsUrgent { get; private init; }

    /// <summary>Whether a flush waits, which needs the newest record's sequence number.</summary>
    public bool IsMark => Written is not null && !IsUrgent;

    public OutboxEntry? Entry { get; set; }

    public static SpoolItem For(BehavioralEvent e) => new(e, OutboxPhase.Of(e), null);

    /// <param name="decided">The call's pre event with the decision; <see langword="null"/> if nothing was decided.</param>
    public static SpoolItem ForCall(BehavioralEvent? decided) => new(decided, OutboxPhase.Decision, NewSource()) { IsUrgent = true };

    public static SpoolItem Mark() => new(null, "", NewSource());

    private static TaskCompletionSource<long> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
