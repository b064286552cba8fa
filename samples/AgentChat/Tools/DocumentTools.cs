namespace AgentChat.Tools;

/// <summary>Reads and writes the sample's documents, in memory. Pages and searches have prepared results: nothing leaves the process.</summary>
internal sealed class DocumentTools(Company company) : IDocumentTools
{
    public Task<string> SearchDocsAsync(string query)
    {
        company.Record("search_docs", $"documents searched for '{query}'", ("query", query));
        var found = company.Documents.Where(pair => pair.Value.Contains(query, StringComparison.OrdinalIgnoreCase)).Select(pair => pair.Key).Order();
        return Task.FromResult(string.Join(", ", found) is { Length: > 0 } names ? names : "Nothing was found.");
    }

    public Task<string> ReadDocAsync(string name)
    {
        company.Record("read_doc", $"{name} read", ("name", name));
        return Task.FromResult(company.Documents.GetValueOrDefault(name) ?? $"The document {name} does not exist.");
    }

    public Task<string> SaveDocAsync(string name, string text)
    {
        company.Documents[name] = text;
        company.Record("save_doc", $"{name} saved", ("name", name), ("text", text));
        return Task.FromResult($"Saved {name}.");
    }

    public Task<string> DeleteDocAsync(string name)
    {
        company.Documents.TryRemove(name, out _);
        company.Record("delete_doc", $"{name} deleted", ("name", name));
        return Task.FromResult($"Deleted {name}.");
    }

    public Task<string> OpenPageAsync(string url)
    {
        company.Record("open_page", $"{url} opened", ("url", url));
        return Task.FromResult(company.Pages.GetValueOrDefault(url) ?? "404 Not found");
    }

    public Task<string> SearchWebAsync(string query)
    {
        company.Record("search_web", $"web searched for '{query}'", ("query", query));
        return Task.FromResult("No results.");
    }
}
