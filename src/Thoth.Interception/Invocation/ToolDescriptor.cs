using System.Reflection;
using System.Text.Json;

namespace Thoth.Interception;

/// <summary>Describes a tool that a model calls, for <see cref="IToolGovernor.DecideAsync(ToolDescriptor, ReadOnlyMemory{byte}, ToolCallOptions?, CancellationToken)"/>. No .NET signature is needed.</summary>
/// <remarks>
/// If a governed interface has a tool with this name, its calls are decided as calls through the interface: with the name, action, parameters,
/// defaults and masking of <see cref="IToolCatalog"/>. Then <see cref="Action"/> and <see cref="Sensitive"/> are not used.
/// </remarks>
public sealed class ToolDescriptor
{
    /// <summary>Creates the description of a tool.</summary>
    /// <param name="name">The tool's name in policies and events; white space around it is removed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is blank.</exception>
    public ToolDescriptor(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name.Trim();
    }

    /// <summary>Gets the tool's name.</summary>
    public string Name { get; }

    /// <summary>Gets what the tool does, for policies that match it. Default: <see cref="ToolAction.Unspecified"/>.</summary>
    public ToolAction Action { get; init; }

    /// <summary>
    /// Gets the names of the arguments that are masked wherever arguments are captured. Upper and lower case do not differ. The enforcer
    /// gets the values. Default: empty.
    /// </summary>
    public IReadOnlyCollection<string> Sensitive { get; init; } = [];

    /// <summary>
    /// Gets the method that the tool calls. If it is a tool of a governed interface, or the method of a class that implements one, it
    /// finds the tool in place of the name; any other method has no effect. Default: <see langword="null"/>.
    /// </summary>
    public MethodInfo? Method { get; init; }

    /// <summary>
    /// Gets how the arguments of a governed method's call are read, in place of the library's own strict reader: as the functions of
    /// <c>AIFunctionFactory</c> with these options read them. Unknown arguments are ignored, unless the options disallow unmapped members.
    /// The values that are read are shown to the enforcer, and are the ones that run. Not used if no governed interface has the tool.
    /// Default: <see langword="null"/>.
    /// </summary>
    public JsonSerializerOptions? Binder { get; init; }

    /// <summary>Returns the name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;
}
