namespace Thoth.Interception;

/// <summary>Represents a parameter of a governed tool in <see cref="IToolCatalog"/>.</summary>
public sealed record CatalogedParameter
{
    /// <summary>Gets the name, which is the argument's name in policies.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the declared type; for a by-reference parameter, the type that it refers to.</summary>
    public required Type Type { get; init; }

    /// <summary>Gets a value that tells whether <see cref="SensitiveAttribute"/> masks it in captured and logged arguments.</summary>
    public bool IsMasked { get; init; }

    /// <summary>
    /// Gets a value that tells whether the enforcer sees its value. It does not see cancellation tokens and
    /// <see langword="out"/> parameters, and it sees a placeholder instead of streams, delegates and the like.
    /// </summary>
    public bool GoesToEnforcer { get; init; }
}
