using Thoth.Interception.Arguments;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Pipeline;

/// <summary>What is the same for every call of one tool.</summary>
internal sealed class Tool(string name, ToolParameters parameters, ToolAction action, ArgumentIsolation isolation)
{
    public string Name { get; } = name;

    /// <summary>The name as sessions keep it.</summary>
    public ToolName SessionName { get; } = new(name);

    public ToolParameters Parameters { get; } = parameters;

    public ToolAction Action { get; } = action;

    public ArgumentIsolation Isolation { get; } = isolation;
}
