using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Support;

/// <summary>Reads the tables of docs/policy.md, so that a test checks what the document states.</summary>
internal static class PolicyTable
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "policy.md"));

    /// <summary>Gets the rows of the table that has this column, each by the names of the columns in their order.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Read(string column)
    {
        var start = Array.FindIndex(Lines, line => line.StartsWith('|') && Cells(line).Contains(column));
        Assert.That(start, Is.Not.Negative, $"docs/policy.md has no table with the column '{column}'");
        var names = Cells(Lines[start]);
        return [.. Lines.Skip(start + 2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => Cells(line).Select((cell, i) => (cell, i)).ToDictionary(cell => names[cell.i], cell => cell.cell, StringComparer.Ordinal))];
    }

    private static string[] Cells(string line) => [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
}
