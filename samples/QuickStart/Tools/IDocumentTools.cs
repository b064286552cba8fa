namespace QuickStart;

/// <summary>What the agent can do with documents. An ordinary interface: nothing here knows of governance.</summary>
public interface IDocumentTools
{
    Task<IReadOnlyList<DocumentMatch>> SearchDocsAsync(string query, int limit);

    Task<string> ReadDocAsync(string path);

    Task<string> SaveSummaryAsync(string name, string text);

    Task<string> DeleteFileAsync(string name);

    Task<string> BuildReportAsync(string quarter);
}
