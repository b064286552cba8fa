namespace Thoth.Interception;

/// <summary>What happens to calls and their events where events cannot be queued.</summary>
public enum EventQueueFullMode
{
    /// <summary>The new event is dropped and counted; the call knows nothing of it. The default.</summary>
    DropNewest = 0,

    /// <summary>
    /// A call waits before its tool runs until there is room for its events, for at most <see cref="EventOptions.WaitTimeout"/>;
    /// then they are dropped and counted. A synchronous tool's thread is blocked meanwhile. Calls that are refused do not wait.
    /// </summary>
    Wait,

    /// <summary>
    /// No evidence, no execution: a call for whose events there is no room is refused with
    /// <see cref="SdkReasonCodes.EvidenceNotRecorded"/>, in <see cref="EnforcementMode.Observe"/> too. A tool that has run never
    /// lacks the place for its last event.
    /// </summary>
    BlockCalls,
}
