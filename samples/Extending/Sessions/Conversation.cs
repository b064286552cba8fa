using Thoth.Interception;

namespace Extending.Sessions;

internal sealed class Conversation(IThothSessions sessions, ISearchTools tools)
{
    public async Task<string> RunAsync(string userId, IEnumerable<string> messages)
    {
        // The session ends with the method. Two conversations at the same time do not see each other's session.
        using var session = sessions.Start(new ThothSessionOptions { UserId = userId, ApprovedScope = ["search_docs"] });
        var last = "";
        foreach (var message in messages)
        {
            last = await tools.SearchDocsAsync(message);
        }

        return last;
    }
}
