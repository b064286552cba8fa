using System.Reflection;
using Thoth.Interception.Arguments;
using Thoth.Interception.Interception;

namespace Thoth.Interception.Coverage;

/// <summary>Reads the catalogue from the registrations once; nothing of it changes while the provider lives.</summary>
internal sealed class ToolCatalog : IToolCatalog
{
    public ToolCatalog(CoverageStartupCheck guard)
    {
        var report = guard.Report;
        Tools = [.. report.Registrations.SelectMany(registration => ToolsOf(registration, report.CoverageOf(registration.Plan.Interface)))];
        Findings = report.Findings;
        Allowed = report.Allowed;
    }

    public IReadOnlyList<CatalogedTool> Tools { get; }

    public IReadOnlyList<CoverageFinding> Findings { get; }

    public IReadOnlyList<CoverageFinding> Allowed { get; }

    private static IEnumerable<CatalogedTool> ToolsOf(GovernedRegistration registration, ToolCoverage coverage) =>
        registration.Plan.Tools.OrderBy(tool => tool.Value, StringComparer.Ordinal).Select(tool => new CatalogedTool
        {
            Name = tool.Value,
            Interface = registration.Plan.Interface,
            Method = tool.Key,
            Implementation = registration.Implementation,
            Lifetime = registration.Original.Lifetime,
            ServiceKey = registration.Key,
            Action = tool.Key.GetCustomAttribute<GovernedToolAttribute>()?.Action ?? ToolAction.Unspecified,
            Coverage = coverage,
            Parameters = [.. tool.Key.GetParameters().Select(Parameter)],
        });

    private static CatalogedParameter Parameter(ParameterInfo parameter)
    {
        var type = ToolParameter.TypeOf(parameter);
        return new CatalogedParameter
        {
            Name = ToolParameter.NameOf(parameter),
            Type = type,
            IsMasked = parameter.IsDefined(typeof(SensitiveAttribute)),
            GoesToEnforcer = ToolParameter.GoesOnTheWire(parameter) && !PlaceholderTypes.Contains(type),
        };
    }
}
