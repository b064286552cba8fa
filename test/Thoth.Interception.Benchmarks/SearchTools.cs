namespace Thoth.Interception.Benchmarks;

/// <summary>Tools that do nothing, so that only the way to them is measured.</summary>
public sealed class SearchTools : ISearchTools
{
    private static readonly Task<string> s_found = Task.FromResult("found");

    public Task<string> SearchDocsAsync(string query, int limit) => s_found;

    public Task<string> ListDocsAsync(string query, int limit) => s_found;

    public int CountDocs(string query, int limit) => limit;

    public Task<string> DeleteDocAsync(string query, int limit) => s_found;
}

/// <summary>What a developer without a proxy would write by hand: it awaits each call and adds nothing.</summary>
public sealed class HandWrittenDecorator(ISearchTools inner) : ISearchTools
{
    public async Task<string> SearchDocsAsync(string query, int limit) => await inner.SearchDocsAsync(query, limit);

    public async Task<string> ListDocsAsync(string query, int limit) => await inner.ListDocsAsync(query, limit);

    public int CountDocs(string query, int limit) => inner.CountDocs(query, limit);

    public async Task<string> DeleteDocAsync(string query, int limit) => await inner.DeleteDocAsync(query, limit);
}
