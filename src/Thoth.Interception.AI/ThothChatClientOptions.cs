using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI;

/// <summary>Configures the governance of the functions that a chat client invokes.</summary>
public sealed class ThothChatClientOptions
{
    private readonly Dictionary<string, string> _ungoverned = new(StringComparer.Ordinal);

    /// <summary>Gets or sets what happens to a call that a person must approve. Default: <see cref="HeldFunctionMode.Ask"/>.</summary>
    public HeldFunctionMode WhenHeld { get; set; }

    /// <summary>Gets or sets whose approval lets a held call run. Default: <see cref="ApprovalAuthority.Enforcer"/>.</summary>
    public ApprovalAuthority ApprovalAuthority { get; set; }

    /// <summary>
    /// Gets or sets who is recorded as the approver if the host approves (<see cref="ApprovalAuthority.Host"/>). Default: the session's
    /// user.
    /// </summary>
    public Func<ToolApprovalResponseContent, string?>? Approver { get; set; }

    /// <summary>
    /// Gets or sets how a function is described to the enforcer: name, action, sensitive arguments. <see langword="null"/>, or a result of
    /// <see langword="null"/>: by its own name. A function over a governed interface is always described by that.
    /// </summary>
    public Func<AIFunction, ToolDescriptor?>? Describe { get; set; }

    /// <summary>
    /// Allows a tool that this client cannot govern, because it runs elsewhere: a declaration, which the caller runs, or a hosted tool,
    /// which the provider runs. Without it the request is refused.
    /// </summary>
    /// <param name="toolName">The tool's name; upper and lower case differ.</param>
    /// <param name="reason">Why that is acceptable, for the reader of the code.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException"><paramref name="toolName"/> or <paramref name="reason"/> is blank.</exception>
    public ThothChatClientOptions AllowUngoverned(string toolName, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(toolName);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        _ungoverned[toolName] = reason;
        return this;
    }

    internal string ApproverOf(ToolApprovalResponseContent response, ThothSession session) =>
        Approver?.Invoke(response) is { } approver && !string.IsNullOrWhiteSpace(approver) ? approver
        : !string.IsNullOrWhiteSpace(session.Context.UserId) ? session.Context.UserId
        : "host";

    internal bool IsAllowedUngoverned(string toolName) => _ungoverned.ContainsKey(toolName);
}
