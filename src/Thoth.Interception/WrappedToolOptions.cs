using System.Text.Json.Serialization;

namespace Thoth.Interception;

/// <summary>How a function given to <see cref="IToolGovernor"/> is governed.</summary>
public sealed class WrappedToolOptions
{
    /// <summary>What the function does to the world. Policies may match it.</summary>
    public ToolAction Action { get; set; }

    /// <summary>How arguments are kept as they were approved. Default: <see cref="ArgumentIsolation.Verify"/>.</summary>
    public ArgumentIsolation Arguments { get; set; }

    /// <summary>Converters for argument types that System.Text.Json cannot write completely by itself.</summary>
    public IList<JsonConverter> Converters { get; } = [];
}
