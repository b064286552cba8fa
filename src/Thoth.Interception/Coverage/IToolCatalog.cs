namespace Thoth.Interception;

/// <summary>
/// Lists what is governed and what the coverage check found, for audits and start-up reports. Functions given to
/// <see cref="IToolGovernor"/> are not listed.
/// </summary>
/// <remarks>Reading it starts nothing. It can be read even if the check keeps the application from starting.</remarks>
public interface IToolCatalog
{
    /// <summary>
    /// Gets every signature of every governed tool, once for each registration of its interface. They are in the order of
    /// registration, then of names, then of declaration. Overloads have the same name.
    /// </summary>
    IReadOnlyList<CatalogedTool> Tools { get; }

    /// <summary>Gets every way to reach a governed tool ungoverned that is not allowed.</summary>
    IReadOnlyList<CoverageFinding> Findings { get; }

    /// <summary>Gets the ways that <see cref="GovernedToolsOptions.AllowUngoverned"/> allows, with the reasons.</summary>
    IReadOnlyList<CoverageFinding> Allowed { get; }
}
