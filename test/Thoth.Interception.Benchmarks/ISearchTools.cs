namespace Thoth.Interception.Benchmarks;

public interface ISearchTools
{
    Task<string> SearchDocsAsync(string query, int limit);

    Task<string> ListDocsAsync(string query, int limit);

    int CountDocs(string query, int limit);

    Task<string> DeleteDocAsync(string query, int limit);
}
