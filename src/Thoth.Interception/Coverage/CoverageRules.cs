using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Coverage;

/// <summary>
/// Stores the coverage options of one service collection, and the collection itself, which the check reads when a provider
/// first needs it. It has no reference to a provider, so it keeps none alive.
/// </summary>
internal sealed class CoverageRules(IServiceCollection services)
{
    private readonly Dictionary<Type, ToolCoverage> _coverage = [];
    private readonly Dictionary<Type, string> _allowed = [];

    /// <summary>Gets the rules of this collection. A copy of a collection gets its own copy of the rules.</summary>
    public static CoverageRules In(IServiceCollection services)
    {
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i] is { IsKeyedService: false, ImplementationInstance: CoverageRules present })
            {
                if (present.BelongTo(services))
                {
                    return present;
                }

                var copy = present.CopyFor(services);
                services[i] = ServiceDescriptor.Singleton(copy);
                return copy;
            }
        }

        var added = new CoverageRules(services);
        services.AddSingleton(added);
        return added;
    }

    /// <summary>Adds the options of one <c>AddGovernedTools</c> call. The last mode that was set applies, and allowances add up.</summary>
    public void Add(Type tools, GovernedToolsOptions options)
    {
        if (options.CoverageOrNull is { } coverage)
        {
            _coverage[tools] = coverage;
        }

        foreach (var (type, reason) in options.AllowedUngoverned)
        {
            _allowed[type] = reason;
        }
    }

    public ToolCoverage CoverageOf(Type tools) => _coverage.GetValueOrDefault(tools, ToolCoverage.Throw);

    /// <summary>Gets whether anything is allowed.</summary>
    public bool AllowAny => _allowed.Count > 0;

    /// <summary>Gets the reason why one of these types is allowed, or <see langword="null"/> if none is.</summary>
    public string? ReasonFor(params ReadOnlySpan<Type> types)
    {
        foreach (var type in types)
        {
            if (_allowed.TryGetValue(type, out var reason))
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>Gets the current registrations.</summary>
    public ServiceDescriptor[] Snapshot() => [.. services];

    private bool BelongTo(IServiceCollection other) => ReferenceEquals(services, other);

    private CoverageRules CopyFor(IServiceCollection other)
    {
        var copy = new CoverageRules(other);
        foreach (var (type, coverage) in _coverage)
        {
            copy._coverage.Add(type, coverage);
        }

        foreach (var (type, reason) in _allowed)
        {
            copy._allowed.Add(type, reason);
        }

        return copy;
    }
}
