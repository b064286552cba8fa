using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tests.Support;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Tests.Page;

/// <summary>The pages when something is wrong.</summary>
public class ProblemPageTests
{
    private static readonly string[] s_paths = ["/", "/activity", "/activity?show=events", "/session?tenant=local&id=s-1", "/policy"];

    [Test]
    public async Task EveryPage_PolicyIsBroken_SaysSo()
    {
        await using var host = await StartAsync();
        using var browser = await PageBrowser.SignInAsync(host);
        Assert.That(await browser.ReadAsync("/policy"), Does.Not.Contain("cannot be loaded"));
        await File.WriteAllTextAsync(host.PolicyPath, """{"rulez":"<script>"}""");
        host.Get<PolicyEngine>().Reload();

        foreach (var path in s_paths)
        {
            var page = await browser.ReadAsync(path);
            Assert.That(page, Does.Contain("the new version cannot be loaded").And.Contain("rulez").And.Not.Contain("<script>"), path);
        }
    }

    [Test]
    public async Task ActivityPage_RequestsWereRefused_ShowsThemEscaped()
    {
        await using var host = await StartAsync();
        await host.EnforceAsync("""{"tool_name":"x"}""", ("User-Agent", "<b>sdk</b>"));
        await host.SendAsync(HttpMethod.Get, "/v2/%3Cb%3E%1b", null);
        using var browser = await PageBrowser.SignInAsync(host);

        var page = WebUtility.HtmlDecode(await browser.ReadAsync("/activity"));
        var markup = await browser.ReadAsync("/activity");

        Assert.That(page, Does.Contain("Refused requests since the start: 2").And.Contain("session_id is missing.").And.Contain("400 malformed_request"));
        Assert.That(page, Does.Contain("404 not_found").And.Contain(@"/v2/<b>\u{1b}"));
        Assert.That(markup, Does.Not.Contain("<b>"));
    }

    [Test]
    public async Task SessionPage_HeldCall_ShowsWhoDecidedIt()
    {
        await using var host = await StartAsync();
        var (_, hold) = await host.HoldAsync();
        await host.Approvals.DenyAsync(hold.Id, hold.ArgumentsHash, "Ada", "Too much.");
        using var browser = await PageBrowser.SignInAsync(host);

        Assert.That(await browser.ReadAsync("/session?tenant=local&id=s-1"), Does.Contain("by Ada").And.Contain("Too much.").And.Contain("Denied"));
    }

    [TestCase("""UPDATE holds SET arguments = '{"order":"\udc00"}'""")]
    [TestCase("UPDATE holds SET arguments = 'x', verdict = 'x', history = 'x', held_at = 9223372036854775807, expires_at = 9223372036854775807")]
    [TestCase("UPDATE holds SET tool = zeroblob(3), session = '', agent = '', tenant = zeroblob(2)")]
    [TestCase("UPDATE holds SET state = 'Bogus'")]
    [TestCase("UPDATE decisions SET rules = 'x', at = 9223372036854775807, decision = ''")]
    [TestCase("UPDATE events SET occurred_at = -9223372036854775808, received_at = 9223372036854775807")]
    public async Task EveryPage_DamagedRow_IsShown(string damage)
    {
        await using var host = await StartAsync();
        var (_, hold) = await host.HoldAsync();
        await host.PostAsync("/v1/events/batch", """[{"session_id":"s-1","event_type":"X"}]""");
        await host.Get<EnforcerDatabase>().WriteAsync(connection => connection.Execute(damage));
        using var browser = await PageBrowser.SignInAsync(host);

        foreach (var path in s_paths.Append($"/holds/{hold.Id}"))
        {
            await browser.ReadAsync(path);
        }

        if (host.Approvals.Find(hold.Id)!.StateAt(host.Time.GetUtcNow()) == HoldState.Pending)
        {
            using var reply = await browser.PostAsync($"/holds/{hold.Id}", await browser.ReadAsync("/"), ("answer", "deny"), ("hash", hold.ArgumentsHash));
            Assert.That(host.Approvals.Find(hold.Id)!.State, Is.EqualTo(HoldState.Denied));
        }
    }

    private static Task<EnforcerHost> StartAsync() => EnforcerHost.StartAsync(static options => options with { PageToken = PageBrowser.Token });
}
