using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tenants;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Tenants;

public class TenantTests
{
    private const string AcmeKey = "thoth_test_acme_0123456789";
    private const string BetaKey = "thoth_test_beta_0123456789";
    private const string Body = """{"tool_name":"refund","session_id":"s","tool_args":{"amount":900}}""";
    private const string Event = """[{"event_id":"1","session_id":"s","event_type":"X"}]""";

    private static readonly (string, string) s_acme = ("Authorization", $"Bearer {AcmeKey}");
    private static readonly (string, string) s_beta = ("X-Api-Key", BetaKey);

    public static IEnumerable<TestCaseData> Accepted()
    {
        yield return new TestCaseData([new[] { s_acme }]).SetArgDisplayNames("bearer alone: Go, TypeScript");
        yield return new TestCaseData([new[] { ("x-api-key", AcmeKey) }]).SetArgDisplayNames("x-api-key alone: Python");
        yield return new TestCaseData([new[] { s_acme, ("X-Api-Key", AcmeKey) }]).SetArgDisplayNames("both: C#");
        yield return new TestCaseData([new[] { ("Authorization", $"bearer  {AcmeKey}") }]).SetArgDisplayNames("scheme in lower case");
    }

    public static IEnumerable<TestCaseData> Refused()
    {
        yield return new TestCaseData([Array.Empty<(string, string)>()]).SetArgDisplayNames("none");
        yield return new TestCaseData([new[] { ("Authorization", $"Bearer {AcmeKey}x") }]).SetArgDisplayNames("wrong");
        yield return new TestCaseData([new[] { ("Authorization", AcmeKey) }]).SetArgDisplayNames("no scheme");
        yield return new TestCaseData([new[] { ("Authorization", "Basic YTpi") }]).SetArgDisplayNames("another scheme");
        yield return new TestCaseData([new[] { ("Authorization", "Bearer ") }]).SetArgDisplayNames("empty");
        yield return new TestCaseData([new[] { s_acme, ("X-Api-Key", BetaKey) }]).SetArgDisplayNames("two that differ");
        yield return new TestCaseData([new[] { ("X-Api-Key", AcmeKey), ("X-Api-Key", BetaKey) }]).SetArgDisplayNames("one header twice");
        yield return new TestCaseData([new[] { ("X-Thoth-Event-Ingest-Token", AcmeKey) }]).SetArgDisplayNames("an ingest token at another endpoint");
        yield return new TestCaseData([new[] { ("Authorization", $"Bearer {Convert.ToHexStringLower(ApiKeys.HashOf(AcmeKey))}") }]).SetArgDisplayNames("the stored hash");
    }

    [TestCaseSource(nameof(Accepted))]
    public async Task Enforce_KeyAsEachSdkSendsIt_IsAccepted((string, string)[] headers)
    {
        await using var host = await StartAsync();

        Assert.That((await host.EnforceAsync(Body, headers)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(host.Activity.Decisions(new ActivityFilter()).Single().Tenant, Is.EqualTo("acme"));
    }

    [TestCaseSource(nameof(Refused))]
    public async Task Enforce_MissingOrWrongKey_IsUnauthorized((string, string)[] headers)
    {
        await using var host = await StartAsync();

        var reply = await host.EnforceAsync(Body, headers);

        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((HttpStatusCode.Unauthorized, "unauthorized")));
        Assert.That(reply.Body, Does.Not.Contain("0123456789"));
        Assert.That(host.Activity.Decisions(new ActivityFilter()), Is.Empty);
    }

    [TestCase("GET", "/v1/enforce/hold/x")]
    [TestCase("POST", "/v1/events/batch")]
    [TestCase("POST", "/v1/explain")]
    public async Task EveryEndpoint_WithoutAKey_IsUnauthorized(string method, string path)
    {
        await using var host = await StartAsync();

        Assert.That((await host.SendAsync(new HttpMethod(method), path, method == "POST" ? Event : null)).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Request_NamingAnotherTenant_IsForbidden()
    {
        await using var host = await StartAsync();

        var enforce = await host.EnforceAsync("""{"tool_name":"read_doc","session_id":"s","tenant_id":"beta"}""", s_acme);
        var events = await host.PostAsync("/v1/events/batch", """[{"session_id":"s","event_type":"X"},{"tenantId":"beta","session_id":"s","event_type":"X"}]""", s_acme);

        Assert.That((enforce.Status, enforce.ErrorCode), Is.EqualTo((HttpStatusCode.Forbidden, "tenant_mismatch")));
        Assert.That(events.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(host.Activity.Events(new ActivityFilter()), Is.Empty);
    }

    [Test]
    public async Task Hold_OfAnotherTenant_IsNotFoundAndStaysUsable()
    {
        await using var host = await StartAsync();
        var token = (await host.EnforceAsync(Body, s_acme)).Text("hold_token");
        var hold = host.Approvals.Pending("acme").Single();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        var stranger = await host.PollAsync(token, s_beta);

        Assert.That(stranger.ErrorCode, Is.EqualTo("hold_not_found"));
        Assert.That((await host.PollAsync(token, s_acme)).Text("resolution"), Is.EqualTo("ALLOW"));
        Assert.That(host.Approvals.History("beta"), Is.Empty);
    }

    [Test]
    public async Task Decision_OfAnotherTenant_IsNotExplained()
    {
        await using var host = await StartAsync();
        var violation = (await host.EnforceAsync(Body, s_acme)).Text("violation_id");
        var body = $$"""{"violation_id":"{{violation}}","session_id":"s","tool_name":"refund"}""";

        Assert.That((await host.PostAsync("/v1/explain", body, s_beta)).ErrorCode, Is.EqualTo("decision_not_found"));
        Assert.That((await host.PostAsync("/v1/explain", body, s_acme)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Event_WithTheIdOfAnotherTenantsEvent_IsNotADuplicate()
    {
        await using var host = await StartAsync();
        await host.PostAsync("/v1/events/batch", Event, s_acme);

        Assert.That((await host.PostAsync("/v1/events/batch", Event, s_beta)).Body, Is.EqualTo("""{"accepted":1,"duplicates":0}"""));
        Assert.That(host.Activity.Timeline("beta", "s"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Events_WithAnIngestToken_AreAccepted()
    {
        await using var host = await StartAsync();

        Assert.That((await host.PostAsync("/v1/events/batch", Event, ("X-Thoth-Event-Ingest-Token", AcmeKey))).Status, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [Test]
    public async Task NoKeys_AnyTenantName_IsTheLocalTenant()
    {
        await using var host = await EnforcerHost.StartAsync();

        Assert.That((await host.EnforceAsync("""{"tool_name":"read_doc","session_id":"s","tenant_id":"acme"}""", s_acme)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(host.Activity.Decisions(new ActivityFilter()).Single().Tenant, Is.EqualTo("local"));
    }

    [Test]
    public async Task NoKeys_WithATenant_AcceptsNoOther()
    {
        await using var host = await EnforcerHost.StartAsync(options => options with { Tenant = "acme" });

        Assert.That((await host.EnforceAsync("""{"tool_name":"read_doc","session_id":"s","tenant_id":"acme"}""")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await host.EnforceAsync("""{"tool_name":"read_doc","session_id":"s","tenant_id":"beta"}""")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    private static Task<EnforcerHost> StartAsync() =>
        EnforcerHost.StartAsync(options => options with { Keys = $"acme={AcmeKey};beta={BetaKey}" });
}
