namespace Thoth.Interception.Tests.Enforcement.Http;

/// <summary>Every row of contract §3.3, over real polls.</summary>
public class HoldTests
{
    private const string Held = """{"decision":"STEP_UP","hold_token":"tok_1","violation_id":"vio","decision_reason_code":"approval_required"}""";
    private const string Approved = """{"resolved":true,"resolution":"ALLOW"}""";

    [Test]
    public async Task Poll_IsAGetWithBothAuthHeadersAndNoBody([Values] bool sync)
    {
        await using var host = await Host(Approved);

        Assert.That(await host.CallAsync(sync), Is.EqualTo("orig"));

        var poll = host.Server.Holds.Single();
        Assert.That((poll.Method, poll.RawPath, poll.Body), Is.EqualTo(("GET", "/v1/enforce/hold/tok_1", "")));
        Assert.That((poll.Headers["Authorization"], poll.Headers["X-Api-Key"]), Is.EqualTo(("Bearer thoth_test_key", "thoth_test_key")));
        Assert.That(poll.Headers["Accept"], Is.EqualTo("application/json"));
    }

    [TestCase("a/b?c=1#d", "a%2Fb%3Fc%3D1%23d")]
    [TestCase("../../../other", "..%2F..%2F..%2Fother")]
    [TestCase("a\\b%2e%2e", "a%5Cb%252e%252e")]
    [TestCase(" ü\u202e ", "%20%C3%BC%E2%80%AE%20")]
    public async Task Token_IsOneEscapedSegment(string token, string segment)
    {
        await using var host = await Host(Approved, options => options.ApiUrl += "/gw");
        host.Server.OnEnforce = _ => $$"""{"decision":"STEP_UP","hold_token":{{System.Text.Json.JsonSerializer.Serialize(token)}}}""";

        await host.CallAsync();

        Assert.That(host.Server.Holds.Single().RawPath, Is.EqualTo("/gw/v1/enforce/hold/" + segment));
    }

    [TestCase(".")]
    [TestCase("..")]
    public async Task TokenThatIsADotSegment_IsNeverAskedFor(string token)
    {
        await using var host = await Host(Approved);
        host.Server.OnEnforce = _ => $$"""{"decision":"STEP_UP","hold_token":"{{token}}"}""";

        var exception = await host.RefusedAsync<PolicyViolationException>();

        Assert.That(exception.SdkReasonCode, Is.EqualTo(SdkReasonCodes.StepUpHoldTokenInvalid));
        Assert.That(host.Server.Requests.Where(r => r.Method == "GET"), Is.Empty);
    }

    [TestCase(".")]
    [TestCase("..")]
    public async Task TokenThatIsADotSegment_AskedForAllTheSame_StaysInThePathOfHolds(string token)
    {
        await using var host = await Host(Approved, options => options.ApiUrl += "/gw");

        await host.PollAsync(token);

        // A client that shortens the path itself asks for /gw/v1/enforce/hold/ or /gw/v1/enforce/.
        Assert.That(host.Server.Requests.Single(r => r.Method == "GET").RawPath, Is.EqualTo("/gw/v1/enforce/hold/" + token));
    }

    [Test]
    public async Task StatusThatPasses_IsPending([Values(202, 408, 425, 429, 500, 503, 599)] int status)
    {
        await using var host = await Host(new ContractAnswer { Status = status, Body = """{"decision":"ALLOW","resolved":true,"resolution":"BLOCK"}""" }, Approved);

        Assert.That(await host.CallAsync(), Is.EqualTo("orig"));
        Assert.That(host.Server.Holds, Has.Count.EqualTo(2));
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("<html>")]
    [TestCase("""{"resolved":true,"resolution":"ALLOW"}x""")]
    [TestCase("""{"resolved":false,"resolution":null}""")]
    [TestCase("""{"resolved":false,"decision":"ALLOW"}""")]
    [TestCase("""{"resolved":"true","resolution":"ALLOW"}""")]
    [TestCase("""{"resolved":1,"resolution":"ALLOW","decision":"ALLOW"}""")]
    [TestCase("""{"resolved":null,"decision":"ALLOW"}""")]
    [TestCase("""{"decision":"STEP_UP"}""")]
    [TestCase("""{"decision":"ALLOW","authorization_decision":"STEP_UP"}""")]
    [TestCase("{}")]
    [TestCase("""{"resolution":"ALLOW"}""")]
    public async Task Undecided_IsPending(string body)
    {
        await using var host = await Host(body, body, """{"resolved":true,"resolution":"BLOCK","reason":"no"}""");

        Assert.That((await host.RefusedAsync<StepUpRejectedException>()).Reason, Is.EqualTo("no"));
        Assert.That(host.Server.Holds, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Undecided_IsPendingForACallerOfTheEnforcer()
    {
        await using var host = await Host("""{"resolved":false}""");

        Assert.That(await host.PollAsync(), Is.EqualTo(HoldStatus.Pending()));
    }

    [Test]
    public async Task Oversize_IsPending([Values] bool onlyItsEndIsMissing)
    {
        var pad = new string(onlyItsEndIsMissing ? ' ' : 'x', 1024 * 1024);
        await using var host = await Host(
            onlyItsEndIsMissing ? Approved + pad : $$"""{"resolved":true,"resolution":"ALLOW","pad":"{{pad}}"}""", Approved);

        Assert.That(await host.CallAsync(), Is.EqualTo("orig"));
        Assert.That(host.Server.Holds, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Reset_IsPending()
    {
        await using var host = await Host(new ContractAnswer { Abort = true }, Approved);

        Assert.That(await host.CallAsync(), Is.EqualTo("orig"));
    }

    [Test]
    public async Task Rejected_Blocks([Values(201, 204, 301, 302, 307, 400, 401, 403, 405, 409, 410, 422)] int status)
    {
        await using var host = await Host(new ContractAnswer { Status = status, Body = status == 204 ? "" : Approved }, Approved);

        var exception = await host.RefusedAsync<PolicyViolationException>();

        Assert.That(exception.Reason, Is.EqualTo($"step-up poll rejected (status={status})"));
        Assert.That((exception.SdkReasonCode, exception.ViolationId), Is.EqualTo((SdkReasonCodes.StepUpPollRejected, "vio")));
        Assert.That(host.Server.Holds, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task NotFound_IsPendingTwiceAndThenFinal()
    {
        await using var host = await Host(new ContractAnswer { Status = 404 });

        var exception = await host.RefusedAsync<PolicyViolationException>();

        Assert.That(exception.Reason, Is.EqualTo("step-up poll rejected (status=404)"));
        Assert.That(host.Server.Holds, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task NotFound_Interrupted_CountsFromTheBeginning()
    {
        ContractAnswer unknown = new() { Status = 404 };
        await using var host = await Host(unknown, unknown, "{}", unknown, unknown, new ContractAnswer { Abort = true }, unknown, Approved);

        Assert.That(await host.CallAsync(), Is.EqualTo("orig"));
        Assert.That(host.Server.Holds, Has.Count.EqualTo(8));
    }

    [TestCase("""{"resolved":true}""")]
    [TestCase("""{"resolved":true,"resolution":null,"decision":"ALLOW"}""")]
    [TestCase("""{"resolved":true,"resolution":"STEP_UP"}""")]
    [TestCase("""{"resolved":true,"resolution":"MAYBE"}""")]
    [TestCase("""{"resolved":true,"resolution":true}""")]
    public async Task ResolvedWithoutADecision_Blocks(string body)
    {
        await using var host = await Host(body, Approved);

        var exception = await host.RefusedAsync<PolicyViolationException>();

        Assert.That(exception.Reason, Is.EqualTo("step-up resolved without a valid decision"));
        Assert.That(exception.SdkReasonCode, Is.EqualTo(SdkReasonCodes.StepUpInvalidResolution));
    }

    [TestCase("""{"resolved":true,"resolution":" allow "}""")]
    [TestCase("""{"decision":"ALLOW"}""")]
    [TestCase("""{"authorization_decision":"Allow"}""")]
    public async Task Approved_Runs(string body)
    {
        await using var host = await Host(body);

        Assert.That(await host.CallAsync(), Is.EqualTo("orig"));
        Assert.That((await host.LastDecisionAsync()).DecisionReasonCode, Is.EqualTo("approval_required"), "the first response gives what this one lacks");
    }

    [TestCase("""{"resolved":true,"resolution":"DENY","reason":"no"}""")]
    [TestCase("""{"resolved":true,"resolution":"BLOCK","decision":"ALLOW","authorization_decision":"STEP_UP","reason":"no"}""")]
    [TestCase("""{"decision":"BLOCK","reason":"no"}""")]
    [TestCase("""{"decision":"ALLOW","authorization_decision":"BLOCK","reason":"no"}""")]
    public async Task Denied_Blocks(string body)
    {
        await using var host = await Host(body);

        var exception = await host.RefusedAsync<StepUpRejectedException>();

        Assert.That((exception.Reason, exception.Decision.AuthorizationDecision, exception.ViolationId), Is.EqualTo(("no", "BLOCK", "vio")));
    }

    [Test]
    public async Task UnknownWord_Blocks()
    {
        await using var host = await Host("""{"decision":"FOO"}""", Approved);

        Assert.That((await host.RefusedAsync<PolicyViolationException>()).SdkReasonCode, Is.EqualTo(SdkReasonCodes.UnsupportedDecision));
    }

    [Test]
    public async Task Modified_RunsOnTheChangedArguments([Values] bool sync)
    {
        await using var host = await Host("""{"resolved":true,"resolution":"MODIFY","modified_tool_args":{"path":"safe"}}""");

        Assert.That(await host.CallAsync(sync), Is.EqualTo("safe"));
    }

    [Test]
    public async Task Deferred_IsDeferred()
    {
        await using var host = await Host("""{"resolved":true,"resolution":"HOLD","defer_reason":"later","defer_timeout_seconds":30}""");

        Assert.That((await host.RefusedAsync<PolicyDeferredException>()).Reason, Is.EqualTo("later (retry in 30s)"));
    }

    [TestCase("""{"resolved":true,"resolution":"ALLOW","action_attestation_id":"other"}""", SdkReasonCodes.ActionAttestationIdMismatch)]
    [TestCase("""{"resolved":true,"resolution":"ALLOW","enforcement_trace_id":"other"}""", SdkReasonCodes.EnforcementTraceIdMismatch)]
    public async Task AnotherActionsResponse_Blocks(string body, string code)
    {
        await using var host = await Host(body);

        Assert.That((await host.RefusedAsync<PolicyViolationException>()).SdkReasonCode, Is.EqualTo(code));
    }

    private static async Task<HttpHost> Host(params ContractAnswer[] polls) => await Host(polls, null);

    private static async Task<HttpHost> Host(ContractAnswer poll, Action<ThothOptions> configure) => await Host([poll], configure);

    private static async Task<HttpHost> Host(ContractAnswer[] polls, Action<ThothOptions>? configure)
    {
        var host = await HttpHost.StartAsync(configure);
        host.Server.OnEnforce = _ => Held;
        host.Server.OnHold = ContractServer.InTurn(polls);
        return host;
    }
}
