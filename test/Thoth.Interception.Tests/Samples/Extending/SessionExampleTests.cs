using Extending.Sessions;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Samples.Extending;

/// <summary>Tests the conversation of docs/extending.md, as that page shows it, and with sessions of a container.</summary>
public class SessionExampleTests
{
    [Test]
    public async Task RunAsync_Conversation_StartsOneSessionAndEndsIt()
    {
        var sessions = new FakeSessions();

        await new Conversation(sessions, new SearchTools()).RunAsync("ada", ["policy", "evidence"]);

        var session = sessions.Started.Single();
        Assert.That(session.Context.UserId, Is.EqualTo("ada"));
        Assert.That(session.IsClosed, Is.True);
    }

    [Test]
    public async Task RunAsync_TwoConversations_HaveTheirOwnSessions()
    {
        await using var host = GovernedHost.For<ISearchTools>(new SearchTools());

        await Task.WhenAll(
            new Conversation(host.Sessions, host.Get<ISearchTools>()).RunAsync("ada", ["policy", "evidence"]),
            new Conversation(host.Sessions, host.Get<ISearchTools>()).RunAsync("bob", ["policy"]));

        var requests = host.Enforcer.Requests.ToLookup(request => request.Context.UserId);
        Assert.That(requests["ada"].Select(request => request.Context.SessionId).Distinct().Count(), Is.EqualTo(1));
        Assert.That(requests["ada"].Last().SessionToolCalls, Is.EqualTo((string[])["search_docs", "search_docs"]));
        Assert.That(requests["bob"].Single().SessionToolCalls, Is.EqualTo((string[])["search_docs"]));
    }

    private sealed class SearchTools : ISearchTools
    {
        public Task<string> SearchDocsAsync(string query) => Task.FromResult($"nothing about {query}");
    }
}
