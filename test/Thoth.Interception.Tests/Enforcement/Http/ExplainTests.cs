using Microsoft.Extensions.Time.Testing;

namespace Thoth.Interception.Tests.Enforcement.Http;

/// <summary>Contract §1.5: an explanation is asked for where that is wanted, and changes nothing.</summary>
public class ExplainTests
{
    private const string Explained = """
        {"violation_id":"vio_1","what_happened":"a","why_it_was_blocked":"b","what_to_do_next":"c","business_impact":"d","severity":"high",
        "tenant_id":"acme","session_id":"s","agent_id":"agent","user_id":"u","tool_name":"read_file","request_url":"https://x.example",
        "timestamp":"2026-01-01T00:00:00Z","regulatory_context":["hipaa"],"decision_reason_code":"code","action_classification":"read","risk_score":7.5}
        """;

    private const string Block = """
        {"decision":"DENY","reason":"no","violation_id":"vio_1","decision_reason_code":"code","action_classification":"write","risk_score":86.2,
        "regulatory_regimes":["soc2"],"matched_rule_ids":["r"],"matched_control_ids":["c"],"policy_references":["p"],"step_up_timeout_seconds":900}
        """;

    [Test]
    public async Task Off_AsksNothing([Values] bool sync)
    {
        await using var host = await Host(Block, explain: false);

        Assert.That((await host.RefusedAsync<PolicyViolationException>(sync)).Explanation, Is.Null);
        Assert.That(host.Server.Explains, Is.Empty);
    }

    [Test]
    public async Task Block_IsExplainedOnTheException([Values] bool sync)
    {
        await using var host = await Host(Block);

        var exception = await host.RefusedAsync<PolicyViolationException>(sync);

        var explanation = exception.Explanation!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Reason, Is.EqualTo("no"));
            Assert.That(
                (explanation.ViolationId, explanation.WhatHappened, explanation.WhyItWasBlocked, explanation.WhatToDoNext, explanation.BusinessImpact),
                Is.EqualTo(("vio_1", "a", "b", "c", "d")));
            Assert.That((explanation.Severity, explanation.TenantId, explanation.SessionId, explanation.AgentId), Is.EqualTo(("high", "acme", "s", "agent")));
            Assert.That((explanation.UserId, explanation.ToolName, explanation.RequestUrl), Is.EqualTo(("u", "read_file", "https://x.example")));
            Assert.That((explanation.Timestamp, explanation.DecisionReasonCode), Is.EqualTo(("2026-01-01T00:00:00Z", "code")));
            Assert.That((explanation.ActionClassification, explanation.RiskScore), Is.EqualTo(("read", 7.5)));
            Assert.That(explanation.RegulatoryContext!.Value.GetRawText(), Is.EqualTo("""["hipaa"]"""));
        }
    }

    [Test]
    public async Task Request_IsTheEnforceRequestWithTheDecision()
    {
        await using var host = await Host(Block);

        await host.RefusedAsync<PolicyViolationException>();

        var (asked, explained) = (host.Server.Enforces.Single().Json, host.Server.Explains.Single());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(explained.Headers["X-Api-Key"], Is.EqualTo("thoth_test_key"));
            foreach (var member in asked.EnumerateObject().Where(m => m.Name != "request_id"))
            {
                Assert.That(explained.Json.GetProperty(member.Name).GetRawText(), Is.EqualTo(member.Value.GetRawText()), member.Name);
            }

            string[] added =
            [
                "\"decision\":\"BLOCK\"", "\"decision_reason_code\":\"code\"", "\"action_classification\":\"write\"", "\"violation_id\":\"vio_1\"",
                "\"risk_score\":86.2", "\"regulatory_regimes\":[\"soc2\"]", "\"matched_rule_ids\":[\"r\"]", "\"matched_control_ids\":[\"c\"]",
                "\"policy_references\":[\"p\"]", "\"step_up_timeout_seconds\":900",
            ];
            Assert.That(explained.Body, Does.EndWith($",{string.Join(',', added)}}}"));
        }
    }

    [Test]
    public async Task StepUp_IsExplainedBeforeTheWait([Values] bool sync)
    {
        // The clock stands still: in a cold process the system's goes on far enough for events to be sent between the requests.
        await using var host = await Host("""{"decision":"STEP_UP","hold_token":"tok"}""", time: new FakeTimeProvider());
        host.Server.OnHold = _ => """{"resolved":true,"resolution":"BLOCK","reason":"no"}""";

        var exception = await host.RefusedAsync<StepUpRejectedException>(sync);

        Assert.That(exception.Explanation!.WhatHappened, Is.EqualTo("a"));
        Assert.That(
            host.Server.Requests.Select(r => r.Kind), Is.EqualTo([ContractEndpoint.Enforce, ContractEndpoint.Explain, ContractEndpoint.Hold]));
    }

    [Test]
    public async Task StepUp_InThrowMode_IsExplainedOnTheException([Values] bool sync)
    {
        await using var host = await Host("""{"decision":"STEP_UP","hold_token":"tok"}""", configure: options => options.StepUp.Mode = StepUpMode.Throw);

        Assert.That((await host.RefusedAsync<StepUpRequiredException>(sync)).Explanation, Is.Not.Null);
    }

    [TestCase("""{"decision":"ALLOW"}""")]
    [TestCase("""{"decision":"DEFER"}""")]
    [TestCase("""{"decision":"MODIFY"}""")]
    [TestCase("""{"decision":"MAYBE"}""")]
    [TestCase("<html>")]
    [TestCase("""{"decision":"BLOCK","action_attestation_id":"other"}""")]
    public async Task AnyOtherVerdict_IsNotExplained(string body)
    {
        await using var host = await Host(body);

        try
        {
            await host.CallAsync();
        }
        catch (PolicyViolationException exception)
        {
            Assert.That(exception.Explanation, Is.Null);
        }

        Assert.That(host.Server.Explains, Is.Empty);
    }

    [Test]
    public async Task ConflictOfVerdicts_IsTheEnforcersOwn()
    {
        await using var host = await Host("""{"decision":"ALLOW","authorization_decision":"BLOCK"}""");

        Assert.That((await host.RefusedAsync<PolicyViolationException>()).Explanation, Is.Not.Null);
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("""{"decision":"ALLOW"}""")]
    [TestCase("""{"violation_id":"v","what_happened":"a","why_it_was_blocked":"b","what_to_do_next":"c","business_impact":"d","severity":1}""")]
    public async Task UnusableExplanation_IsNone(string body)
    {
        await using var host = await Host(Block);
        host.Server.OnExplain = _ => body;

        var exception = await host.RefusedAsync<PolicyViolationException>();

        Assert.That((exception.Reason, exception.Explanation), Is.EqualTo(("no", (Explanation?)null)));
    }

    [Test]
    public async Task FailureToExplain_IsNone([Values] bool sync, [Values(404, 500, 0)] int status)
    {
        await using var host = await Host(Block);
        host.Server.OnExplain = _ => new() { Status = Math.Max(status, 200), Abort = status == 0 };

        var exception = await host.RefusedAsync<PolicyViolationException>(sync);

        Assert.That((exception.Reason, exception.Explanation), Is.EqualTo(("no", (Explanation?)null)));
        Assert.That(
            host.Logs.Entries.Select(e => e.Text), status == 0 ? Has.Some.Contains("in detail") : Has.Some.Contains($"status {status}"), "the log tells why");
    }

    [Test]
    public async Task ExplanationThatTakesTooLong_IsNone([Values] bool sync)
    {
        var (time, asked) = (new FakeTimeProvider(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var host = await Host(Block, time: time);
        host.Server.OnExplain = _ =>
        {
            asked.TrySetResult();
            return ContractAnswer.Never;
        };
        var call = host.CallAsync(sync);
        await asked.Task;

        time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.That(call.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(0.1));

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => call);
        Assert.That((exception!.Reason, exception.Explanation), Is.EqualTo(("no", (Explanation?)null)));
    }

    [Test]
    public async Task Explanation_IsInNoMessageAndNoLog()
    {
        await using var host = await Host(Block);
        host.Server.OnExplain = _ => Explained.Replace("\"a\"", "\"told-to-people\"");

        var exception = await host.RefusedAsync<PolicyViolationException>();

        Assert.That(exception.Explanation!.WhatHappened, Is.EqualTo("told-to-people"));
        Assert.That(exception.ToString() + host.Logs.TextAboveTrace, Does.Not.Contain("told-to-people"));
    }

    private static async Task<HttpHost> Host(
        string body, bool explain = true, Action<ThothOptions>? configure = null, TimeProvider? time = null)
    {
        var host = await HttpHost.StartAsync(
            options =>
            {
                options.Explain = explain;
                configure?.Invoke(options);
            },
            time: time);
        host.Server.OnEnforce = _ => body;
        host.Server.OnExplain = _ => Explained;
        return host;
    }
}
