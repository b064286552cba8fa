namespace Thoth.Interception;

/// <summary>
/// Lists what is governed and what the coverage check found, for audits and start-up reports. Functions given to
/// <see cref="IToolGovernor"/> are not listed.
/// </summary>
/// <remarks>Reading it starts nothing. It can be read even if the check keeps the application from starting.</remarks>
public interface IToolCatalog
{
    /// <summary>Gets every governed tool, once for each registration of its interface, in the order of registration and then of names.</summary>
    IReadOnlyList<CatalogedTool> Tools { get; }

    /// <summary>Gets every way to reach a governed tool ungoverned that is not allowed.</summary>
    IReadOnlyList<CoverageFinding> Findings { get; }

    /// <summary>Gets the ways that <see cref="GovernedToolsOptions.AllowUngoverned"/> allows, with the reasons.</summary>
    IReadOnlyList<CoverageFinding> Allowed { get; }
}
