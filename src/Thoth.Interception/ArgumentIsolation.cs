namespace Thoth.Interception;

/// <summary>How a call's arguments are kept as they were approved while the decision is pending.</summary>
public enum ArgumentIsolation
{
    /// <summary>
    /// The tool gets the caller's own objects. Arguments of mutable types are serialized again right before it starts; a
    /// difference to what was approved blocks the call (<see cref="SdkReasonCodes.ToolArgsChanged"/>). The default.
    /// </summary>
    Verify = 0,

    /// <summary>
    /// The tool gets values read back from the approved JSON, so later changes cannot reach it; what it writes into them
    /// does not reach the caller either. Parameter types that do not survive the round trip are refused at registration.
    /// </summary>
    Copy,
}
