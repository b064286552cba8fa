namespace Thoth.Interception;

/// <summary>Configures how one call is decided. See <see cref="IToolGovernor.DecideAsync(ToolDescriptor, ReadOnlyMemory{byte}, ToolCallOptions?, CancellationToken)"/>.</summary>
public sealed class ToolCallOptions
{
    /// <summary>Gets the id that the model gave the call, for its span (<c>gen_ai.tool.call.id</c>). Default: <see langword="null"/>.</summary>
    public string? CallId { get; init; }

    /// <summary>Gets the session of the call. Default: <see cref="IThothSessions.Current"/>.</summary>
    public ThothSession? Session { get; init; }

    /// <summary>
    /// Gets the held call that this call resumes. If tool, session, user and arguments are equal, the call is not evaluated again: the
    /// enforcer is asked once what became of the hold. Any other call is decided as always. Default: <see langword="null"/>.
    /// </summary>
    public HeldCall? Held { get; init; }

    /// <summary>
    /// Gets whether a call that needs an approval waits for it. Otherwise it is returned as <see cref="ToolCallDecision.Held"/>,
    /// whatever <see cref="StepUpOptions.Mode"/> says. A call that resumes a held one never waits. Default: <see langword="false"/>.
    /// </summary>
    public bool WaitForApproval { get; init; }
}
