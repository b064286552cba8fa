using Thoth.Interception.Events.Queue;
using Thoth.Interception.Sqlite.Storage;

namespace Thoth.Interception.Sqlite.Delivery;

/// <summary>Something to be written in its turn: an event, what was decided about a call, or only a mark that its turn came.</summary>
internal sealed class SpoolItem
{
    private SpoolItem(BehavioralEvent? e, string phase, TaskCompletionSource<long>? written) => (Event, Phase, Written) = (e, phase, written);

    public BehavioralEvent? Event { get; }

    public string Phase { get; }

    /// <summary>Somebody waits until this and all before it is on disk; gets the newest record's number.</summary>
    public TaskCompletionSource<long>? Written { get; }

    /// <summary>It came from <see cref="ISinkQueue.Enqueue"/> and has a place.</summary>
    public bool IsEvent => Written is null;

    /// <summary>A call waits, and is refused rather than kept waiting where the disk fails.</summary>
    public bool IsUrgent { get; private init; }

    public OutboxEntry? Entry { get; set; }

    public static SpoolItem For(BehavioralEvent e) => new(e, OutboxPhase.Of(e), null);

    /// <param name="decided">The call's pre event with the decision; <see langword="null"/> where nothing was decided.</param>
    public static SpoolItem ForCall(BehavioralEvent? decided) => new(decided, OutboxPhase.Decision, NewSource()) { IsUrgent = true };

    public static SpoolItem Mark() => new(null, "", NewSource());

    private static TaskCompletionSource<long> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
