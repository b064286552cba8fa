namespace Thoth.Enforcer.Page.Layout;

/// <summary>One page to be shown.</summary>
internal sealed record PageView
{
    /// <summary>The path of its entry in the navigation.</summary>
    public required string Path { get; init; }

    public required string Title { get; init; }

    public required Html Body { get; init; }

    /// <summary>The notices of the live stream that renew the page; empty if it does not change.</summary>
    public string Listen { get; init; } = "";

    /// <summary>How wide its text runs: a list of cards is read more easily narrow.</summary>
    public bool IsWide { get; init; }
}
