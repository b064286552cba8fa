namespace Thoth.Interception;

/// <summary>What is the same for every call of one tool.</summary>
internal sealed class Tool(string name, ToolParameters parameters, ToolAction action, ArgumentIsolation isolation)
{
    public string Name { get; } = name;

    public ToolParameters Parameters { get; } = parameters;

    public ToolAction Action { get; } = action;

    public ArgumentIsolation Isolation { get; } = isolation;
}
