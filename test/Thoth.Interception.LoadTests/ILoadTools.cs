namespace Thoth.Interception.LoadTests;

/// <summary>The tool that is called under load.</summary>
public interface ILoadTools
{
    Task<string> SearchDocsAsync(string query, int limit);
}
