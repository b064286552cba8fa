namespace Thoth.Interception;

/// <summary>Specifies what happens to a tool call (contract §1.2.4). The zero value is <see cref="Block"/>, so that a forgotten decision blocks.</summary>
public enum DecisionType
{
    /// <summary>The tool does not run, and the call throws <see cref="PolicyViolationException"/>.</summary>
    Block = 0,

    /// <summary>The tool runs with the approved arguments.</summary>
    Allow,

    /// <summary>
    /// A person must approve the call first. It waits (<see cref="StepUpMode.Wait"/>) or throws
    /// <see cref="StepUpRequiredException"/> (<see cref="StepUpMode.Throw"/>).
    /// </summary>
    StepUp,

    /// <summary>The tool runs with <see cref="EnforcementDecision.ModifiedToolArgs"/> instead of its own arguments.</summary>
    Modify,

    /// <summary>The call cannot be decided now. It throws <see cref="PolicyDeferredException"/> and may be tried again later.</summary>
    Defer,
}
