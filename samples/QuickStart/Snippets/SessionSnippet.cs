using Thoth.Interception;

namespace QuickStart.Snippets;

/// <summary>README: one session for each conversation.</summary>
internal static class SessionSnippet
{
    public static async Task<int> RunAsync(IThothSessions sessions, IDocumentTools tools, string userId)
    {
        // snippet: session
        using var session = sessions.Start(new ThothSessionOptions
        {
            UserId = userId,
            SessionIntent = "answer questions about the documentation",
            ApprovedScope = ["search_docs", "read_doc"],
        });

        // Every governed call from here on, asynchronous ones included, belongs to this session.
        var matches = await tools.SearchDocsAsync("policy", limit: 3);
        session.AddTokens(1_200);
        // end-snippet
        return matches.Count;
    }
}
