namespace Thoth.Interception.AI;

/// <summary>Specifies what happens to a function call that a person must approve.</summary>
public enum HeldFunctionMode
{
    /// <summary>
    /// The turn ends with a <see cref="Microsoft.Extensions.AI.ToolApprovalRequestContent"/> in a message of its own, after the rest of the
    /// batch has run. The host's answer resumes the call. This is the default. A call that cannot be asked is handled as by
    /// <see cref="Tell"/>: one of a nested agent, one that was answered and is still pending, or one of a batch if the service keeps the
    /// history.
    /// </summary>
    Ask = 0,

    /// <summary>The model reads that the call waits for an approval, and the turn goes on.</summary>
    Tell,

    /// <summary>The call waits for the approval, at most <see cref="StepUpOptions.Timeout"/>.</summary>
    Wait,
}
