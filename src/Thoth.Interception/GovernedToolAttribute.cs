namespace Thoth.Interception;

/// <summary>Names a tool, declares what it does, or sets how its arguments are protected.</summary>
/// <remarks>Overloads can have different names: they are then different tools.</remarks>
/// <example>
/// <code>
/// public interface IPaymentTools
/// {
///     [GovernedTool("refund_order", Action = ToolAction.Execute)]
///     Task RefundAsync(string order, decimal amount);
/// }
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GovernedToolAttribute : Attribute
{
    private ArgumentIsolation? _arguments;

    /// <summary>Initializes a new instance that keeps the name which <see cref="GovernedToolsOptions"/> gives the tool.</summary>
    public GovernedToolAttribute()
    {
    }

    /// <summary>Initializes a new instance that names the tool.</summary>
    /// <param name="name">
    /// The exact name in policies and in the approved scope: 1 to 64 characters of <c>[A-Za-z0-9_-]</c>. <c>AddGovernedTools</c>
    /// refuses others. <see cref="GovernedToolsOptions.Naming"/> does not change it.
    /// </param>
    public GovernedToolAttribute(string name) => Name = name;

    /// <summary>Gets the tool's name, or <see langword="null"/> if <see cref="GovernedToolsOptions"/> gives it.</summary>
    public string? Name { get; }

    /// <summary>Gets or sets what the tool does, which policies can match. Default: <see cref="ToolAction.Unspecified"/>.</summary>
    public ToolAction Action { get; set; }

    /// <summary>
    /// Gets or sets how arguments are protected between approval and run. Default: <see cref="GovernedToolsOptions.Arguments"/>
    /// of the interface.
    /// </summary>
    public ArgumentIsolation Arguments
    {
        get => _arguments.GetValueOrDefault();
        set => _arguments = value;
    }

    internal ArgumentIsolation? ArgumentsOrNull => _arguments;
}
