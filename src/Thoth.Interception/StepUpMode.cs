namespace Thoth.Interception;

/// <summary>Specifies what happens to a call that needs an approval (contract §3.4).</summary>
public enum StepUpMode
{
    /// <summary>The call waits for the approver. The default.</summary>
    Wait = 0,

    /// <summary>
    /// The call fails at once with <see cref="StepUpRequiredException"/>, and its caller goes on. <see cref="IThothHolds"/> resumes it after
    /// the approval.
    /// </summary>
    Throw,
}
