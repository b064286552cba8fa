using System.Reflection;
using System.Text.Json.Serialization;

namespace Thoth.Interception;

/// <summary>How the tools of one interface are governed.</summary>
public sealed class GovernedToolsOptions
{
    /// <summary>How arguments are kept as they were approved. Default: <see cref="ArgumentIsolation.Verify"/>.</summary>
    public ArgumentIsolation Arguments { get; set; }

    /// <summary>
    /// Gives the tool name of a method that <see cref="GovernedToolAttribute"/> does not name; <see langword="null"/>, or
    /// a <see langword="null"/> answer, means the method's name in snake_case without the <c>Async</c> suffix.
    /// </summary>
    public Func<MethodInfo, string?>? ToolName { get; set; }

    /// <summary>Converters for argument types that System.Text.Json cannot write completely by itself.</summary>
    public IList<JsonConverter> Converters { get; } = [];
}
