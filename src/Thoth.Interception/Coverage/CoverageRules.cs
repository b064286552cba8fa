using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Coverage;

/// <summary>
/// What one service collection says about its coverage, and the collection itself, which the check reads when a provider
/// first needs it. It knows no provider, so none is kept alive by it.
/// </summary>
internal sealed class CoverageRules(IServiceCollection services)
{
    private readonly Dictionary<Type, ToolCoverage> _coverage = [];
    private readonly Dictionary<Type, string> _allowed = [];

    /// <summary>The rules of this collection. In a copy of another collection they go on from that one's.</summary>
    public static CoverageRules In(IServiceCollection services)
    {
        for (var i = 0; i < services.Count; i++)
        {
            if (services[i] is { IsKeyedService: false, ImplementationInstance: CoverageRules present })
            {
                if (present.IsOf(services))
                {
                    return present;
                }

                var own = present.CopyFor(services);
                services[i] = ServiceDescriptor.Singleton(own);
                return own;
            }
        }

        var added = new CoverageRules(services);
        services.AddSingleton(added);
        return added;
    }

    /// <summary>Takes over the options of one <c>AddGovernedTools</c>: the last mode that was set holds, allowances add up.</summary>
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

    /// <summary>Why one of these types may lead to a tool ungoverned; <see langword="null"/> where none may.</summary>
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

    /// <summary>The registrations as they are now.</summary>
    public ServiceDescriptor[] Snapshot() => [.. services];

    private bool IsOf(IServiceCollection other) => ReferenceEquals(services, other);

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
