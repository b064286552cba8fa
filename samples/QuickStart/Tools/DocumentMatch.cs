namespace QuickStart;

/// <summary>Represents a Markdown file that a search found.</summary>
/// <param name="Path">The path relative to the repository's root.</param>
/// <param name="Lines">The number of lines that contain the query.</param>
public sealed record DocumentMatch(string Path, int Lines);
