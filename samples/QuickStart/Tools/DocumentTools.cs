namespace QuickStart;

/// <summary>Reads the repository's Markdown files and writes to the run's temporary folder.</summary>
internal sealed class DocumentTools(Workspace workspace) : IDocumentTools
{
    public async Task<IReadOnlyList<DocumentMatch>> SearchDocsAsync(string query, int limit)
    {
        var matches = new List<DocumentMatch>();
        foreach (var file in workspace.MarkdownFiles())
        {
            var lines = await File.ReadAllLinesAsync(file);
            var count = lines.Count(line => line.Contains(query, StringComparison.OrdinalIgnoreCase));
            if (count > 0)
            {
                matches.Add(new DocumentMatch(Path.GetRelativePath(workspace.RepositoryRoot, file), count));
            }
        }

        return [.. matches.OrderByDescending(match => match.Lines).ThenBy(match => match.Path, StringComparer.Ordinal).Take(limit)];
    }

    public Task<string> ReadDocAsync(string path) => File.ReadAllTextAsync(workspace.MarkdownFile(path));

    public async Task<string> SaveSummaryAsync(string name, string text)
    {
        await File.WriteAllTextAsync(workspace.OutputFile(name), text);
        return $"wrote {name}";
    }

    public Task<string> DeleteFileAsync(string name)
    {
        File.Delete(workspace.OutputFile(name));
        return Task.FromResult($"deleted {name}");
    }

    public async Task<string> BuildReportAsync(string quarter)
    {
        var name = $"report-{quarter}.md";
        var files = Directory.GetFiles(workspace.OutputFolder).Select(file => $"- {Path.GetFileName(file)}").Order(StringComparer.Ordinal);
        await File.WriteAllLinesAsync(workspace.OutputFile(name), [$"# Files of {quarter}", "", .. files]);
        return $"wrote {name}";
    }
}
