namespace Thoth.Interception.Testing.Enforcer;

/// <summary>Represents what a test says about the calls of a tool.</summary>
/// <param name="Text">The rule in messages.</param>
/// <param name="Tool">The tool's name, or <see cref="TestEnforcer.AnyTool"/>.</param>
/// <param name="When">Selects calls; <see langword="null"/> selects all.</param>
/// <param name="Decide">Makes the decision.</param>
internal sealed record Rule(
    string Text, string Tool, Func<RecordedCall, bool>? When, Func<RecordedCall, EnforcementDecision> Decide)
{
    private volatile bool _wasMet;

    /// <summary>Gets whether the rule has decided a call.</summary>
    public bool WasMet => _wasMet;

    public bool IsFor(RecordedCall call) => (Tool == TestEnforcer.AnyTool || Tool == call.ToolName) && When?.Invoke(call) != false;

    public EnforcementDecision DecideMet(RecordedCall call)
    {
        _wasMet = true;
        return Decide(call);
    }
}
