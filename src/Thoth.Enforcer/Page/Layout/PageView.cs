namespace Thoth.Enforcer.Page.Layout;

/// <summary>The content of a page.</summary>
internal sealed record PageView
{
    /// <summary>The path of its entry in the navigation.</summary>
    public required string Path { get; init; }

    public required string Title { get; init; }

    public required Html Body { get; init; }

    /// <summary>The notices of the live stream that refresh the page; empty if it does not change.</summary>
    public string Listen { get; init; } = "";

    /// <summary>Whether the page uses the whole width. A list of cards is easier to read narrow.</summary>
    public bool IsWide { get; init; }
}
