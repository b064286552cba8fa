namespace Thoth.Interception;

/// <summary>Names a tool, declares what it does, or changes how its arguments are protected.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GovernedToolAttribute : Attribute
{
    private ArgumentIsolation? _arguments;

    /// <summary>Keeps the name that the method's own name gives: <c>SearchDocsAsync</c> is <c>search_docs</c>.</summary>
    public GovernedToolAttribute()
    {
    }

    /// <summary>Names the tool.</summary>
    /// <param name="name">The exact name that policies and the approved scope use.</param>
    public GovernedToolAttribute(string name) => Name = name;

    /// <summary>The tool's name, or <see langword="null"/> for the one that the method's name gives.</summary>
    public string? Name { get; }

    /// <summary>What the tool does to the world. Policies may match it.</summary>
    public ToolAction Action { get; set; }

    /// <summary>How the arguments are kept as they were approved; unset, the interface's setting holds.</summary>
    public ArgumentIsolation Arguments
    {
        get => _arguments.GetValueOrDefault();
        set => _arguments = value;
    }

    internal ArgumentIsolation? ArgumentsOrNull => _arguments;
}
