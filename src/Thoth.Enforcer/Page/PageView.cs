namespace Thoth.Enforcer.Page;

/// <summary>One page to be shown.</summary>
internal sealed record PageView
{
    /// <summary>The path of its entry in the navigation.</summary>
    public required string Path { get; init; }

    public required string Title { get; init; }

    public required Html Body { get; init; }

    /// <summary>Which notices of <see cref="LiveStream"/> renew it; none where it stands still.</summary>
    public string Listen { get; init; } = "";

    /// <summary>How wide its text runs: a list of cards is read more easily narrow.</summary>
    public bool IsWide { get; init; }
}
