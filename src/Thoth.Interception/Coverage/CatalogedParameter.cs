namespace Thoth.Interception;

/// <summary>A parameter of a governed tool as <see cref="IToolCatalog"/> lists it.</summary>
public sealed record CatalogedParameter
{
    /// <summary>The name, which is the argument's name in policies.</summary>
    public required string Name { get; init; }

    /// <summary>The declared type, without the reference of a by-reference parameter.</summary>
    public required Type Type { get; init; }

    /// <summary>Whether <see cref="SensitiveAttribute"/> masks it wherever arguments are captured or logged.</summary>
    public bool IsMasked { get; init; }

    /// <summary>
    /// Whether the enforcer sees its value. Not so for cancellation tokens and <see langword="out"/> parameters, nor for streams,
    /// delegates and the like, of which it sees a placeholder.
    /// </summary>
    public bool GoesToEnforcer { get; init; }
}
