using System.Reflection;
using System.Text.Json.Serialization;

namespace Thoth.Interception;

/// <summary>Configures how the tools of one interface are governed.</summary>
public sealed class GovernedToolsOptions
{
    /// <summary>Gets or sets how the approved arguments stay unchanged until the tool runs. Default: <see cref="ArgumentIsolation.Verify"/>.</summary>
    public ArgumentIsolation Arguments { get; set; }

    /// <summary>
    /// Gets or sets what the tools' names are made from. Default: <see cref="ToolNaming.InterfaceAndMethod"/> if a predicate
    /// picks the interfaces, <see cref="ToolNaming.Method"/> otherwise. A later registration of a governed interface keeps the naming
    /// of the first unless the options set another one.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Names are in snake_case, without the <c>I</c> of the interface and the <c>Async</c> of the method. Type arguments are a
    /// part of the interface's name: <c>IRepository&lt;Order&gt;.GetAsync</c> is <c>repository_of_order__get</c>. An inherited
    /// method has the name of the interface that is governed. Overloads, and the synchronous and asynchronous form of a method,
    /// are one tool with several signatures.
    /// </para>
    /// <para>
    /// Names have at most 64 characters of <c>[A-Za-z0-9_-]</c>, as models require. A longer name is cut: its first 55
    /// characters, <c>_</c> and the first 8 hexadecimal digits of its SHA-256. Letters like <c>é</c> lose their marks. Other
    /// characters outside of ASCII become their code points: <c>注</c> is <c>u6ce8</c>.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public ToolNaming Naming
    {
        get;
        set => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <summary>
    /// Gets or sets a function that gives the tool name of a method which <see cref="GovernedToolAttribute"/> does not name.
    /// Default: <see langword="null"/>. If it returns <see langword="null"/>, the name is made as <see cref="Naming"/> says.
    /// </summary>
    /// <remarks>
    /// The names are exact: 1 to 64 characters of <c>[A-Za-z0-9_-]</c>. <c>AddGovernedTools</c> refuses others, as it refuses
    /// one name for two tools.
    /// </remarks>
    public Func<MethodInfo, string?>? ToolNameSelector { get; set; }

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
    /// <param name="reason">The reason why it is allowed; <see cref="IToolCatalog.Allowed"/> shows it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="serviceType"/> or <paramref name="reason"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="reason"/> is blank.</exception>
    public void AllowUngoverned(Type serviceType, string reason)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        AllowedUngoverned[serviceType] = reason.Trim();
    }
}
