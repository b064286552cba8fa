using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception;

/// <summary>A governed tool as <see cref="IToolCatalog"/> lists it.</summary>
public sealed record CatalogedTool
{
    /// <summary>Gets the tool's name in policies, events and messages. Overloads of one interface share it.</summary>
    public required string Name { get; init; }

    /// <summary>The governed interface.</summary>
    public required Type Interface { get; init; }

    /// <summary>The interface's method; declared by a base interface where it is inherited.</summary>
    public required MethodInfo Method { get; init; }

    /// <summary>The implementing class, or <see langword="null"/> where a factory makes it and nobody can know before.</summary>
    public Type? Implementation { get; init; }

    /// <summary>The lifetime of the registration.</summary>
    public required ServiceLifetime Lifetime { get; init; }

    /// <summary>The key of the registration, or <see langword="null"/> where it has none.</summary>
    public object? ServiceKey { get; init; }

    /// <summary>What the tool does, where <see cref="GovernedToolAttribute.Action"/> declares it.</summary>
    public ToolAction Action { get; init; }

    /// <summary>What the coverage check does about ways around this tool.</summary>
    public ToolCoverage Coverage { get; init; }

    /// <summary>The parameters, in their order.</summary>
    public required IReadOnlyList<CatalogedParameter> Parameters { get; init; }
}
