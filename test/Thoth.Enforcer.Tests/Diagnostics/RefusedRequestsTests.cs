using Thoth.Enforcer.Diagnostics;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Diagnostics;

/// <summary>Requests that the server refuses are visible to its operator.</summary>
public class RefusedRequestsTests
{
    private const int Refused = 9;
    private const string Key = "thoth_test_acme_0123456789";
    private const string Secret = "hunter2-in-an-argument";

    [TestCase(400, "malformed_request", "POST", "/v1/enforce", """{"tool_name":"x","tool_args":{"password":"hunter2-in-an-argument"}}""")]
    [TestCase(400, "malformed_request", "POST", "/v1/enforce", """{"tool_name":{"hunter2-in-an-argument":1},"session_id":"s"}""")]
    [TestCase(400, "malformed_request", "POST", "/v1/enforce", """{"tool_name":"x","session_id":"s","tool_args":{"hunter2-in-an-argument":1,"hunter2-in-an-argument":2}}""")]
    [TestCase(400, "malformed_request", "POST", "/v1/events/batch", """[{"content":"hunter2-in-an-argument"}]""")]
    [TestCase(403, "tenant_mismatch", "POST", "/v1/enforce", """{"tool_name":"x","session_id":"s","tenant_id":"hunter2-in-an-argument"}""")]
    [TestCase(404, "hold_not_found", "GET", "/v1/enforce/hold/hunter2-in-an-argument", null)]
    [TestCase(404, "not_found", "GET", "/api/v1/enforce/hold/hunter2-in-an-argument-of-43-characters-length", null)]
    [TestCase(405, "method_not_allowed", "POST", "/v1/enforce/hold/hunter2-in-an-argument-of-43-characters-length", "{}")]
    public async Task Request_Refused_IsCountedAndLogged(int status, string code, string method, string path, string? body)
    {
        await using var host = await EnforcerHost.StartAsync(options => options with { Keys = $"acme={Key}" });

        var reply = await host.SendAsync(new HttpMethod(method), path, body, ("Authorization", $"Bearer {Key}"), ("User-Agent", "an-sdk/1.0"));

        Assert.That((int)reply.Status, Is.EqualTo(status), reply.Body);
        var refused = host.Get<RefusedRequests>();
        Assert.That(refused.Counts(), Is.EqualTo([(new RefusedKind(status, code), 1L)]));
        Assert.That(refused.Newest().Single().Sender, Does.Contain("127.0.0.1 an-sdk/1.0"));
        Assert.That(host.Log.Count(Refused), Is.EqualTo(1));
        foreach (var text in (string[])[host.Log.Text, refused.Newest().Single().ToString()])
        {
            Assert.That(text, Does.Not.Contain(Secret).And.Not.Contain(Key).And.Contain(code));
        }
    }

    [Test]
    public async Task Request_RefusedForItsKeySizeOrType_IsCounted()
    {
        await using var host = await EnforcerHost.StartAsync(options => options with { Keys = $"acme={Key};ingest={Key}2", RequestsPerMinute = 2 });
        await host.PostAsync("/v1/enforce", "{}");
        await host.PostAsync("/v1/enforce", "{}", ("X-Api-Key", "thoth_test_wrong_0123456789"));
        using var text = new HttpRequestMessage(HttpMethod.Post, host.Url + "/v1/enforce") { Content = new StringContent("x") };
        await host.SendAsync(text, ("X-Api-Key", Key));
        using var large = new HttpRequestMessage(HttpMethod.Post, host.Url + "/v1/enforce") { Content = new StringContent(new string(' ', 3_000_000), null, "application/json") };
        large.Headers.ExpectContinue = true;
        await host.SendAsync(large, ("X-Api-Key", Key));
        await host.PostAsync("/v1/enforce", """{"tool_name":"read_doc","session_id":"s"}""", ("X-Api-Key", Key));
        await host.PostAsync("/v1/enforce", """{"tool_name":"read_doc","session_id":"s"}""", ("X-Api-Key", Key));
        await host.SendAsync(HttpMethod.Get, "/health", null, ("Host", "evil.example"));

        Assert.That(host.Get<RefusedRequests>().Counts(), Is.EquivalentTo(
        [
            (new RefusedKind(401, "unauthorized"), 2L),
            (new RefusedKind(415, "unsupported_media_type"), 1L),
            (new RefusedKind(413, "request_too_large"), 1L),
            (new RefusedKind(429, "rate_limited"), 1L),
            (new RefusedKind(421, "misdirected_request"), 1L),
        ]));
        Assert.That(host.Log.Text, Does.Not.Contain("thoth_test_"));
    }

    [Test]
    public async Task Log_ManyOfOneKind_HasOneWarningAMinute()
    {
        await using var host = await EnforcerHost.StartAsync();
        for (var i = 0; i < 50; i++)
        {
            await host.EnforceAsync("{}");
        }

        await host.EnforceAsync("[");
        await host.SendAsync(HttpMethod.Get, "/nothing", null);
        Assert.That(host.Log.Count(Refused), Is.EqualTo(2), "one for each kind");
        host.Time.Advance(TimeSpan.FromMinutes(1));
        await host.EnforceAsync("{}");

        Assert.That(host.Log.Count(Refused), Is.EqualTo(3));
        Assert.That(host.Log.Messages[^1], Does.Contain("50 others of this kind"));
        Assert.That(host.Get<RefusedRequests>().Newest(), Has.Count.EqualTo(20));
    }

    [Test]
    public async Task Requests_ThatAreAnswered_AreNotCounted()
    {
        await using var host = await EnforcerHost.StartAsync();
        await host.EvaluateAsync("delete", null);
        await host.SendAsync(HttpMethod.Get, "/", null);
        await host.SendAsync(HttpMethod.Get, "/live", null);

        Assert.That(host.Get<RefusedRequests>().Counts(), Is.Empty);
    }

    [Test]
    public async Task Sender_WithControlCharacters_IsEscaped()
    {
        await using var host = await EnforcerHost.StartAsync();

        await host.EnforceAsync("{}", ("User-Agent", "x\t\u001b[2J"));
        await host.SendAsync(HttpMethod.Get, "/a%0d%0ab%1b[2J%E2%80%AE", null);

        Assert.That(host.Log.Text.Where(static c => char.IsControl(c) && c != '\n'), Is.Empty);
        Assert.That(host.Log.Messages.Count(static message => message.Contains('\n')), Is.Zero);
        Assert.That(host.Get<RefusedRequests>().Newest()[0].Endpoint, Is.EqualTo(@"GET /a\u{d}\u{a}b\u{1b}[2J\u{202e}"));
    }
}
