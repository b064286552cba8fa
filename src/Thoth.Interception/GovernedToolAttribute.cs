namespace Thoth.Interception;

/// <summary>Names a tool, declares what it does, or sets how its arguments are protected.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GovernedToolAttribute : Attribute
{
    private ArgumentIsolation? _arguments;

    /// <summary>Keeps the name that follows from the method's name: <c>SearchDocsAsync</c> is <c>search_docs</c>.</summary>
    public GovernedToolAttribute()
    {
    }

    /// <summary>Names the tool.</summary>
    /// <param name="name">The exact name that policies and the approved scope use.</param>
    public GovernedToolAttribute(string name) => Name = name;

    /// <summary>Gets the tool's name, or <see langword="null"/> if it follows from the method's name.</summary>
    public string? Name { get; }

    /// <summary>Gets or sets what the tool does, for policies that match it. Default: <see cref="ToolAction.Unspecified"/>.</summary>
    public ToolAction Action { get; set; }

    /// <summary>
    /// Gets or sets how the approved arguments stay unchanged until the tool runs. If it is not set,
    /// <see cref="GovernedToolsOptions.Arguments"/> of the interface applies.
    /// </summary>
    public ArgumentIsolation Arguments
    {
        get => _arguments.GetValueOrDefault();
        set => _arguments = value;
    }

    internal ArgumentIsolation? ArgumentsOrNull => _arguments;
}
