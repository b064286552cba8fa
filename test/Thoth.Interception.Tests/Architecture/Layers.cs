using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Architecture;

/// <summary>The layers of a project as <c>docs/architecture.md</c> draws them: one line each, the highest first.</summary>
internal static class Layers
{
    /// <returns>The number of each folder's layer; a folder may use those with a higher number.</returns>
    public static IReadOnlyDictionary<string, int> Of(string project)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "architecture.md"));
        var layers = new Dictionary<string, int>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in lines.SkipWhile(line => line != $"### Layers of `{project}`").SkipWhile(line => line != "```").Skip(1).TakeWhile(line => line != "```"))
        {
            foreach (var folder in line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                layers.Add(folder, number);
            }

            number++;
        }

        return layers;
    }
}
