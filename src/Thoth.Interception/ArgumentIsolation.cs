namespace Thoth.Interception;

/// <summary>Specifies how the arguments that were approved stay unchanged until the tool runs.</summary>
public enum ArgumentIsolation
{
    /// <summary>
    /// The tool gets the caller's own objects. Arguments of mutable types are serialized again right before the tool starts. If they
    /// differ from what was approved, the call is blocked (<see cref="SdkReasonCodes.ToolArgsChanged"/>). The default.
    /// </summary>
    Verify = 0,

    /// <summary>
    /// The tool gets values read back from the JSON that the enforcer is shown, so later changes cannot reach it, and its own changes
    /// do not reach the caller. Types that do not survive the round trip are refused at registration, values at the call.
    /// </summary>
    Copy,
}
