namespace Thoth.Interception.Tests;

public class SmokeTests
{
    public interface ISearchTools
    {
        Task<string> SearchDocsAsync(string query, int limit, CancellationToken cancellationToken = default);
    }

    private sealed class SearchTools : ISearchTools
    {
        public Task<string> SearchDocsAsync(string query, int limit, CancellationToken cancellationToken) =>
            Task.FromResult($"{query} x {limit}");
    }

    [Test]
    public async Task AllowedCall_RunsTheTool_AndLeavesTwoEvents()
    {
        await using var host = GovernedHost.For<ISearchTools>(new SearchTools());

        var result = await host.Get<ISearchTools>().SearchDocsAsync("castle", 3);

        Assert.That(result, Is.EqualTo("castle x 3"));
        Assert.That(host.LastArguments, Is.EqualTo("""{"query":"castle","limit":3}"""));
        Assert.That(host.Enforcer.LastRequest.ToolName, Is.EqualTo("search_docs"));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallPost/Post"]));
    }

    [Test]
    public async Task BlockedCall_DoesNotRunTheTool_AndThrowsFromTheTask()
    {
        await using var host = GovernedHost.For<ISearchTools>(new SearchTools());
        host.Enforcer.Decide = _ => new EnforcementDecision { Decision = DecisionType.Block, Reason = "no", ViolationId = "v1" };

        var task = host.Get<ISearchTools>().SearchDocsAsync("castle", 3);

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => task);
        Assert.That(exception!.Message, Is.EqualTo("Thoth blocked tool 'search_docs': no (violation_id=v1)"));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }
}
