namespace Thoth.Interception.Testing.Surface;

/// <summary>Represents one line of a tool surface, under its heading.</summary>
/// <param name="Heading">The tool, or the heading of the ways around governance.</param>
/// <param name="Text">The line.</param>
internal readonly record struct SurfaceEntry(string Heading, string Text);
