using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception;

/// <summary>Represents a governed tool in <see cref="IToolCatalog"/>.</summary>
public sealed class CatalogedTool
{
    /// <summary>Gets the tool's name in policies, events and messages. Overloads of one interface share it.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the governed interface.</summary>
    public required Type Interface { get; init; }

    /// <summary>Gets the interface's method. An inherited method is declared by a base interface.</summary>
    public required MethodInfo Method { get; init; }

    /// <summary>Gets the implementing class, or <see langword="null"/> if a factory does not declare it.</summary>
    public Type? Implementation { get; init; }

    /// <summary>Gets the lifetime of the registration.</summary>
    public required ServiceLifetime Lifetime { get; init; }

    /// <summary>Gets the key of the registration, or <see langword="null"/> if it has none.</summary>
    public object? ServiceKey { get; init; }

    /// <summary>Gets the <see cref="GovernedToolAttribute.Action"/> of the tool. Default: <see cref="ToolAction.Unspecified"/>.</summary>
    public ToolAction Action { get; init; }

    /// <summary>Gets how the coverage check reports a way to reach this tool ungoverned.</summary>
    public ToolCoverage Coverage { get; init; }

    /// <summary>Gets the parameters in the order of their declaration.</summary>
    public required IReadOnlyList<CatalogedParameter> Parameters { get; init; }
}
