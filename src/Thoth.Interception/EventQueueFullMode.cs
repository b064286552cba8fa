namespace Thoth.Interception;

/// <summary>Specifies what happens to calls and their events while an event queue is full.</summary>
public enum EventQueueFullMode
{
    /// <summary>The new event is dropped and counted; the call is not affected. The default.</summary>
    DropNewest = 0,

    /// <summary>
    /// A call waits before its tool runs until its events have space, for at most <see cref="EventOptions.WaitTimeout"/>; after
    /// that they are dropped and counted. The thread of a synchronous tool is blocked meanwhile. Refused calls do not wait.
    /// </summary>
    Wait,

    /// <summary>
    /// A call whose events have no space is refused with <see cref="SdkReasonCodes.EvidenceNotRecorded"/>, in
    /// <see cref="EnforcementMode.Observe"/> too. The place for the last event of a tool is reserved before the tool runs.
    /// </summary>
    BlockCalls,
}
