using System.Text.Json.Serialization;

namespace Thoth.Interception;

/// <summary>Configures how a function given to <see cref="IToolGovernor"/> is governed.</summary>
public sealed class WrappedToolOptions
{
    /// <summary>Gets or sets what the function does, for policies that match it. Default: <see cref="ToolAction.Unspecified"/>.</summary>
    public ToolAction Action { get; set; }

    /// <summary>Gets or sets how the approved arguments stay unchanged until the function runs. Default: <see cref="ArgumentIsolation.Verify"/>.</summary>
    public ArgumentIsolation Arguments { get; set; }

    /// <summary>
    /// Gets or sets whether the function's only argument is the JSON of all arguments: a <see cref="string"/>, a byte array, a
    /// <see cref="ReadOnlyMemory{T}"/> of bytes or a <c>BinaryData</c>. The enforcer then evaluates the object in it, and a MODIFY decision
    /// gives the function other JSON. JSON that is not one object, has a name twice or is invalid Unicode is refused. Default:
    /// <see langword="false"/>, and the enforcer gets such an argument as a text.
    /// </summary>
    public bool JsonArguments { get; set; }

    /// <summary>Gets the converters for argument types that System.Text.Json cannot write completely. Default: empty.</summary>
    public IList<JsonConverter> Converters { get; } = [];
}
