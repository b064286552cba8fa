namespace Thoth.Interception.LocalPolicy;

/// <summary>Represents one mistake in a policy.</summary>
public sealed record PolicyLoadError
{
    /// <summary>Gets the line, counted from 1; 0 if the policy cannot be read at all.</summary>
    public required int Line { get; init; }

    /// <summary>Gets the character in the line, counted from 1; 0 if the policy cannot be read at all.</summary>
    public required int Column { get; init; }

    /// <summary>Gets the key as a path, such as <c>rules[2].decision</c>; empty for the whole policy.</summary>
    public required string Key { get; init; }

    /// <summary>Gets what is wrong and what to do, in one sentence.</summary>
    public required string Message { get; init; }
}
