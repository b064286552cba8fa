namespace Extending.Sessions;

public interface ISearchTools
{
    Task<string> SearchDocsAsync(string query);
}
