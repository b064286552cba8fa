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

    /// <summary>
    /// What becomes of a way to reach these tools ungoverned, which the coverage check finds at host start or, without a host,
    /// when the first governed service is resolved. Default: <see cref="ToolCoverage.Throw"/>. Where an interface is governed
    /// more than once, the last value that was set holds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public ToolCoverage Coverage
    {
        get => CoverageOrNull.GetValueOrDefault();
        set => CoverageOrNull = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    internal ToolCoverage? CoverageOrNull { get; private set; }

    internal Dictionary<Type, string> AllowedUngoverned { get; } = [];

    /// <summary>
    /// Allows a way to reach a governed tool ungoverned that the coverage check finds. It holds for all tools of the service
    /// collection, and <see cref="IToolCatalog.Allowed"/> lists it with its reason.
    /// </summary>
    /// <param name="serviceType">The type that the finding says to allow: the service's, or the class whose constructor reaches the tool.</param>
    /// <param name="reason">Why it is no harm, for whoever reads the catalogue.</param>
    /// <exception cref="ArgumentException">The reason is blank.</exception>
    public void AllowUngoverned(Type serviceType, string reason)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        AllowedUngoverned[serviceType] = reason.Trim();
    }
}
