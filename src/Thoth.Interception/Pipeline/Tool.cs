using Thoth.Interception.Arguments;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Pipeline;

/// <summary>Holds what all calls of one tool share.</summary>
internal sealed class Tool(string name, ToolParameters parameters, ToolAction action, ArgumentIsolation isolation)
{
    public string Name { get; } = name;

    /// <summary>Gets the name as sessions store it.</summary>
    public EncodedToolName SessionName { get; } = new(name);

    public ToolParameters Parameters { get; } = parameters;

    public ToolAction Action { get; } = action;

    public ArgumentIsolation Isolation { get; } = isolation;
}
