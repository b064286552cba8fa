namespace Thoth.Interception;

/// <summary>
/// Stores events durably until the Thoth API has accepted them. The library queues, sends and counts the events; an outbox only
/// writes, reads and marks records.
/// </summary>
/// <remarks>
/// This interface is for packages that bring a store of their own, such as <c>Thoth.Interception.Sqlite</c>; applications choose
/// one of these packages. One service provider uses one outbox. The library appends from one task, and may read and mark from
/// several tasks meanwhile. It disposes the outbox when the last event is written and delivery has ended. It waits for this, and for
/// disposal, at most <see cref="EventOptions.DrainTimeout"/>, or 1 second if that is longer. Events that are not committed by then
/// are counted as dropped.
/// <para>
/// An exception of a method means that the outbox is as it was before the call. The library logs the first exception of a series at
/// Error and the details at Trace, waits and tries again. A property that throws is read again later. An exception of
/// <c>DisposeAsync</c> is logged, not thrown.
/// </para>
/// </remarks>
public interface IEventOutbox : IAsyncDisposable
{
    /// <summary>
    /// Gets whether a tool runs only after its call's first event and its decision are committed. If they cannot be committed,
    /// the call is refused with <see cref="SdkReasonCodes.EvidenceNotRecorded"/>. Read once; must not throw.
    /// </summary>
    bool CommitsBeforeExecution { get; }

    /// <summary>
    /// Gets whether the last write succeeded. The health check reports <see langword="false"/>. An exception counts as
    /// <see langword="false"/>.
    /// </summary>
    bool IsWritable { get; }

    /// <summary>
    /// Gets the sequence number of the newest committed record; 0 if there is none. While it throws, flushes wait.
    /// </summary>
    long LastSequence { get; }

    /// <summary>
    /// Gets how many unsent events of an earlier process were found; <see langword="null"/> until the store could be opened.
    /// </summary>
    long? RecoveredEvents { get; }

    /// <summary>
    /// Gets the sequence number of the newest record of an earlier process; 0 if there is none. Events up to it are sent one batch
    /// after the other, in their order. Read once, when <see cref="RecoveredEvents"/> has a value. While it throws, no event is sent.
    /// </summary>
    long RecoveredUpTo { get; }

    /// <summary>Gets how many unsent events were deleted so far to make room for newer ones.</summary>
    long DroppedEvents { get; }

    /// <summary>Gets how many unsent events were lost so far because the store was damaged.</summary>
    long LostEvents { get; }

    /// <summary>
    /// Gets the store of held calls that the outbox brings: used unless the application chose one with <c>UseHeldCallStore</c>.
    /// Default: <see langword="null"/>, held calls stay in memory.
    /// </summary>
    IHeldCallStore? HeldCalls => null;

    /// <summary>Commits records in their order, each with the next sequence number.</summary>
    /// <param name="entries">The records; may be empty, which checks that the store can be opened.</param>
    /// <returns>
    /// How many of the first records are committed: all of them, or fewer if the next one found no room. Appending the rest again
    /// throws as long as it does not fit. If <paramref name="entries"/> is not empty, 0 or less counts as an exception. More than
    /// all counts as all.
    /// </returns>
    /// <exception cref="Exception">None of the records is committed. A call that waits for one of them is refused with this cause.</exception>
    Task<int> AppendAsync(IReadOnlyList<OutboxEntry> entries);

    /// <summary>Reads unsent events, oldest first.</summary>
    /// <param name="after">The sequence number after which to start; 0 starts at the oldest record.</param>
    /// <param name="limit">How many events to read at most.</param>
    /// <returns>
    /// The events, in ascending order of their sequence numbers; fewer than <paramref name="limit"/> only if these are all.
    /// </returns>
    /// <exception cref="Exception">
    /// The store cannot be read. The events are read again later. A sequence number that is out of order counts as an exception.
    /// </exception>
    Task<IReadOnlyList<PendingEvent>> ReadPendingAsync(long after, int limit);

    /// <summary>Marks the unsent events of a range as sent: the Thoth API has accepted them, or has rejected them for good.</summary>
    /// <param name="first">The first sequence number.</param>
    /// <param name="last">The last sequence number.</param>
    /// <returns>
    /// How many events were unsent until now. A negative number counts as 0. A number greater than the count of events that the
    /// library sent in this range counts as that count.
    /// </returns>
    /// <exception cref="Exception">No event is marked. The range is marked again until this succeeds or delivery ends.</exception>
    Task<int> MarkSentAsync(long first, long last);
}
