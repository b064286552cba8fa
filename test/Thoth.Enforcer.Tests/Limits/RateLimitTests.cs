using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Limits;

public class RateLimitTests
{
    [Test]
    public async Task Enforce_OverTheLimit_IsToldWhenToRetry()
    {
        await using var host = await EnforcerHost.StartAsync(options => options with { RequestsPerMinute = 2 });
        await host.EvaluateAsync("read_doc", null);
        await host.EvaluateAsync("read_doc", null);

        var third = await host.EvaluateAsync("read_doc", null);

        Assert.That((third.Status, third.ErrorCode), Is.EqualTo((HttpStatusCode.TooManyRequests, "rate_limited")));
        Assert.That(int.Parse(third.Header("Retry-After")), Is.InRange(1, 60));
        Assert.That(third.Header("X-RateLimit-Remaining"), Is.EqualTo("0"));
        Assert.That((await host.PostAsync("/v1/events/batch", "[]")).Status, Is.EqualTo(HttpStatusCode.Accepted), "each endpoint has its own limit");
        Assert.That((await host.SendAsync(HttpMethod.Get, "/health", null)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Enforce_OverTheLimitOfOneTenant_DoesNotLimitAnother()
    {
        await using var host = await EnforcerHost.StartAsync(options => options with
        {
            RequestsPerMinute = 1,
            Keys = "acme=thoth_test_acme_0123456789;beta=thoth_test_beta_0123456789",
        });
        const string Body = """{"tool_name":"read_doc","session_id":"s"}""";
        await host.EnforceAsync(Body, ("X-Api-Key", "thoth_test_acme_0123456789"));

        Assert.That((await host.EnforceAsync(Body, ("X-Api-Key", "thoth_test_acme_0123456789"))).Status, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That((await host.EnforceAsync(Body, ("X-Api-Key", "thoth_test_beta_0123456789"))).Status, Is.EqualTo(HttpStatusCode.OK));
    }
}
