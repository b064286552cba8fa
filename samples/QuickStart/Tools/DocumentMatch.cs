namespace QuickStart;

/// <summary>A Markdown file that a search found.</summary>
/// <param name="Path">Relative to the repository's root.</param>
/// <param name="Lines">How many of its lines hold the words.</param>
public sealed record DocumentMatch(string Path, int Lines);
