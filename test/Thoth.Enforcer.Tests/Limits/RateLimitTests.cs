using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Limits;

public class RateLimitTests
{
    [Test]
    public async Task Enforce_MoreOftenThanAllowed_IsToldWhenToComeBack()
    {
        await using var host = await EnforcerHost.StartAsync(options => options with { RequestsPerMinute = 2 });
        await host.AskAsync("read_doc", null);
        await host.AskAsync("read_doc", null);

        var third = await host.AskAsync("read_doc", null);

        Assert.That((third.Status, third.ErrorCode), Is.EqualTo((HttpStatusCode.TooManyRequests, "rate_limited")));
        Assert.That(int.Parse(third.Header("Retry-After")), Is.InRange(1, 60));
        Assert.That(third.Header("X-RateLimit-Remaining"), Is.EqualTo("0"));
        Assert.That((await host.PostAsync("/v1/events/batch", "[]")).Status, Is.EqualTo(HttpStatusCode.Accepted), "each endpoint has a limit of its own");
        Assert.That((await host.SendAsync(HttpMethod.Get, "/health", null)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Enforce_OfOneTenant_TakesNothingFromAnother()
    {
        await using var host = await EnforcerHost.StartAsync(options => options with
        {
            RequestsPerMinute = 1,
            Keys = "acme=thoth_test_acme_0123456789;beta=thoth_test_beta_0123456789",
        });
        const string Question = """{"tool_name":"read_doc","session_id":"s"}""";
        await host.EnforceAsync(Question, ("X-Api-Key", "thoth_test_acme_0123456789"));

        Assert.That((await host.EnforceAsync(Question, ("X-Api-Key", "thoth_test_acme_0123456789"))).Status, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That((await host.EnforceAsync(Question, ("X-Api-Key", "thoth_test_beta_0123456789"))).Status, Is.EqualTo(HttpStatusCode.OK));
    }
}
