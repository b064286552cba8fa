namespace Thoth.Interception;

/// <summary>
/// Lists the governed tools and the findings of the coverage check, for audits and start-up reports. Functions given to
/// <see cref="IToolGovernor"/> are not listed.
/// </summary>
/// <remarks>
/// The container resolves it as a singleton. Reading it starts nothing, so it can be read even if the check keeps the application
/// from starting.
/// </remarks>
/// <example>
/// <code>
/// var catalog = provider.GetRequiredService&lt;IToolCatalog&gt;();
/// foreach (var tool in catalog.Tools)
/// {
///     Console.WriteLine($"{tool.Name}: {tool.Interface.Name}.{tool.Method.Name}, {tool.Action}, {tool.Lifetime}");
/// }
/// </code>
/// </example>
public interface IToolCatalog
{
    /// <summary>
    /// Gets every signature of every governed tool, once for each registration of its interface. They are in the order of
    /// registration, then of names, then of declaration. Overloads have the same name.
    /// </summary>
    IReadOnlyList<CatalogedTool> Tools { get; }

    /// <summary>Gets every way to reach a governed tool ungoverned that is not allowed; empty if there is none.</summary>
    IReadOnlyList<CoverageFinding> Findings { get; }

    /// <summary>Gets the ways that <see cref="GovernedToolsOptions.AllowUngoverned"/> allows, with the reasons; empty if there is none.</summary>
    IReadOnlyList<CoverageFinding> Allowed { get; }
}
