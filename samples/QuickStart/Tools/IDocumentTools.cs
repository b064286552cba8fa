namespace QuickStart;

/// <summary>Represents the document tools of the agent. It is an ordinary interface without a reference to governance.</summary>
public interface IDocumentTools
{
    Task<IReadOnlyList<DocumentMatch>> SearchDocsAsync(string query, int limit);

    Task<string> ReadDocAsync(string path);

    Task<string> SaveSummaryAsync(string name, string text);

    Task<string> DeleteFileAsync(string name);

    Task<string> BuildReportAsync(string quarter);
}
