using System.Reflection;
using System.Text.Json.Serialization;

namespace Thoth.Interception;

/// <summary>Configures how the tools of one interface are governed.</summary>
public sealed class GovernedToolsOptions
{
    /// <summary>Gets or sets how the approved arguments stay unchanged until the tool runs. Default: <see cref="ArgumentIsolation.Verify"/>.</summary>
    public ArgumentIsolation Arguments { get; set; }

    /// <summary>
    /// Gives the tool name of a method that <see cref="GovernedToolAttribute"/> does not name; <see langword="null"/>, or
    /// a <see langword="null"/> answer, means the method's name in snake_case without the <c>Async</c> suffix.
    /// </summary>
    public Func<MethodInfo, string?>? ToolName { get; set; }

    /// <summary>Gets the converters for argument types that System.Text.Json cannot write completely. Default: empty.</summary>
    public IList<JsonConverter> Converters { get; } = [];

    /// <summary>
    /// Gets or sets how the coverage check reports a way to reach these tools ungoverned. The check runs when the host starts or,
    /// without a host, when the first governed service is resolved. Default: <see cref="ToolCoverage.Throw"/>. If an interface is
    /// governed more than once, the last value that was set applies.
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
    /// Allows a way to reach a governed tool ungoverned that the coverage check finds. It applies to all tools of the service
    /// collection, and <see cref="IToolCatalog.Allowed"/> lists it with its reason.
    /// </summary>
    /// <param name="serviceType">The type that the finding says to allow: the service's, or the class whose constructor reaches the tool.</param>
    /// <param name="reason">The reason why it is harmless; <see cref="IToolCatalog.Allowed"/> shows it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="serviceType"/> or <paramref name="reason"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is blank.</exception>
    public void AllowUngoverned(Type serviceType, string reason)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        AllowedUngoverned[serviceType] = reason.Trim();
    }
}
