namespace Thoth.Interception;

/// <summary>What an enforcer decided about one tool call (contract §1.2.4).</summary>
public enum DecisionType
{
    /// <summary>The tool must not run. The zero value, so that a forgotten decision blocks.</summary>
    Block = 0,

    /// <summary>The tool runs with the arguments that were approved.</summary>
    Allow,

    /// <summary>A human must approve the call first.</summary>
    StepUp,

    /// <summary>The tool runs with the arguments of the decision instead of its own.</summary>
    Modify,

    /// <summary>The call cannot be decided now and may be tried again later.</summary>
    Defer,
}
