using Thoth.Enforcer.Health;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tests.Support;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Tests.Health;

/// <summary>The server says when it does not work as it should.</summary>
public class HealthTests
{
    [Test]
    public async Task Health_NothingWrong_IsOk()
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.SendAsync(HttpMethod.Get, "/health", null);

        Assert.That((reply.Status, reply.Body), Is.EqualTo((HttpStatusCode.OK, """{"status":"ok","policy_id":"test","policy_version":"7","rules":7}""")));
    }

    [TestCase("{")]
    [TestCase("""{"id":"hunter2","rulez":[]}""")]
    [TestCase(null)]
    public async Task Health_NewPolicyIsBroken_IsDegradedUntilItIsCorrected(string? text)
    {
        await using var host = await EnforcerHost.StartAsync();
        var good = await File.ReadAllTextAsync(host.PolicyPath);
        await ChangeAsync(host, text);

        var reply = await host.SendAsync(HttpMethod.Get, "/health", null);

        Assert.That((reply.Status, reply.Text("status"), reply.Text("policy_id")), Is.EqualTo((HttpStatusCode.OK, "degraded", "test")));
        Assert.That(reply.Json.GetProperty("problems")[0].GetString(), Does.Contain("The policy was changed"));
        Assert.That(reply.Body, Does.Not.Contain("hunter2").And.Not.Contain(host.PolicyPath), "everyone may read this response");
        Assert.That(host.Get<EnforcerHealth>().Problems().Single().Detail, Does.Contain(host.PolicyPath));
        Assert.That((await host.EvaluateAsync("read_doc", null)).Text("decision"), Is.EqualTo("ALLOW"), "the version before stays in force");

        await ChangeAsync(host, good);
        Assert.That((await host.SendAsync(HttpMethod.Get, "/health", null)).Text("status"), Is.EqualTo("ok"));
    }

    [Test]
    public async Task Health_DiskFull_IsUnavailableUntilThereIsSpace()
    {
        await using var host = await EnforcerHost.StartAsync();
        var database = host.Get<EnforcerDatabase>();
        var pages = await database.WriteAsync(static connection => connection.Scalar<long>("PRAGMA page_count"));
        await database.WriteAsync(connection => connection.Execute($"PRAGMA max_page_count = {pages}"));
        Assert.That((await host.SendAsync(HttpMethod.Get, "/health", null)).Status, Is.EqualTo(HttpStatusCode.OK), "no trial shortly after a write");
        host.Time.Advance(TimeSpan.FromMinutes(1));

        var reply = await host.SendAsync(HttpMethod.Get, "/health", null);

        Assert.That((reply.Status, reply.Text("status")), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "degraded")));
        Assert.That(reply.Json.GetProperty("problems")[0].GetString(), Does.Contain("cannot be recorded"));
        Assert.That(host.Log.Count(10), Is.EqualTo(1));

        await database.WriteAsync(static connection => connection.Execute("PRAGMA max_page_count = 1000000"));
        Assert.That((await host.SendAsync(HttpMethod.Get, "/health", null)).Text("status"), Is.EqualTo("ok"));
        Assert.That(host.Log.Count(11), Is.EqualTo(1));
    }

    [Test]
    public async Task Health_DecisionsFailed_IsUnavailable()
    {
        await using var host = await EnforcerHost.StartAsync();
        var database = host.Get<EnforcerDatabase>();
        await database.WriteAsync(connection => connection.Execute("PRAGMA max_page_count = 1"));
        Reply reply;
        do
        {
            reply = await host.EvaluateAsync("refund", new { text = new string('x', 10_000) });
        }
        while (reply.Status == HttpStatusCode.OK);

        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "storage_unavailable")));
        Assert.That((await host.SendAsync(HttpMethod.Get, "/health", null)).Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    private static async Task ChangeAsync(EnforcerHost host, string? text)
    {
        if (text is null)
        {
            File.Delete(host.PolicyPath);
        }
        else
        {
            await File.WriteAllTextAsync(host.PolicyPath, text);
        }

        host.Get<PolicyEngine>().Reload();
    }
}
