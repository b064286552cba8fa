namespace Thoth.Interception;

/// <summary>
/// What is governed, and what the coverage check found: for audits and start-up reports. Reading it starts nothing, and it
/// can be read where the check keeps the application from starting. Functions given to <see cref="IToolGovernor"/> are not
/// in it.
/// </summary>
public interface IToolCatalog
{
    /// <summary>
    /// Gets every signature of every governed tool, once for each registration of its interface. They are in the order of
    /// registration, then of names, then of declaration. Overloads have the same name.
    /// </summary>
    IReadOnlyList<CatalogedTool> Tools { get; }

    /// <summary>Every way to reach a governed tool ungoverned that is not allowed.</summary>
    IReadOnlyList<CoverageFinding> Findings { get; }

    /// <summary>The ways that <see cref="GovernedToolsOptions.AllowUngoverned"/> allows, with the reasons.</summary>
    IReadOnlyList<CoverageFinding> Allowed { get; }
}
