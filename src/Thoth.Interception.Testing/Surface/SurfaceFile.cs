using System.Text;

namespace Thoth.Interception.Testing.Surface;

/// <summary>Writes and reads the file of a tool surface. Blank lines, comments and the order of lines do not matter.</summary>
internal static class SurfaceFile
{
    private const string Header =
        """
        # What an agent can do in this application, and what leads around governance. ToolSurface.Verify compares this file with the
        # application. Review each change as you review a change of rights. Lines that begin with # are comments.

        """;

    private const string Indent = "  ";

    public static string Write(IEnumerable<SurfaceEntry> entries)
    {
        var text = new StringBuilder(Header.ReplaceLineEndings("\n"));
        foreach (var section in entries.GroupBy(static entry => entry.Heading))
        {
            text.Append('\n').Append(section.Key).Append('\n');
            foreach (var entry in section)
            {
                text.Append(Indent).Append(entry.Text).Append('\n');
            }
        }

        return text.ToString();
    }

    public static IReadOnlyList<SurfaceEntry> Read(string text)
    {
        var entries = new List<SurfaceEntry>();
        var heading = "";
        foreach (var line in text.Split('\n'))
        {
            var trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#')
            {
                continue;
            }

            if (char.IsWhiteSpace(line[0]))
            {
                entries.Add(new(heading, trimmed));
            }
            else
            {
                heading = trimmed;
            }
        }

        return entries;
    }
}
