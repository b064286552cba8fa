using System.Reflection;
using Thoth.Interception.Arguments;
using Thoth.Interception.Interception;

namespace Thoth.Interception.Coverage;

/// <summary>Reads the catalogue from the registrations once. It does not change while the provider lives.</summary>
internal sealed class ToolCatalog : IToolCatalog
{
    public ToolCatalog(CoverageStartupCheck check)
    {
        var report = check.Report;
        Tools = [.. report.Registrations.SelectMany(registration => ToolsOf(registration, report.CoverageOf(registration.Plan.Interface)))];
        Findings = report.Findings;
        Allowed = report.Allowed;
    }

    public IReadOnlyList<CatalogedTool> Tools { get; }

    public IReadOnlyList<CoverageFinding> Findings { get; }

    public IReadOnlyList<CoverageFinding> Allowed { get; }

    private static IEnumerable<CatalogedTool> ToolsOf(GovernedRegistration registration, ToolCoverage coverage) =>
        registration.Plan.Members.OrderBy(member => member.ToolName, StringComparer.Ordinal).Select(member => new CatalogedTool
        {
            Name = member.ToolName,
            Interface = member.Interface,
            Method = member.Method,
            Implementation = registration.Implementation,
            Lifetime = registration.Original.Lifetime,
            ServiceKey = registration.Key,
            Action = member.Method.GetCustomAttribute<GovernedToolAttribute>()?.Action ?? ToolAction.Unspecified,
            Coverage = coverage,
            Parameters = [.. member.Method.GetParameters().Select(Parameter)],
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
