using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tests.Support;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Tests.Api;

public class EnforceTests
{
    [TestCase("read_doc", "ALLOW", "reads")]
    [TestCase("delete", "BLOCK", "no_deletes")]
    [TestCase("refund", "STEP_UP", "needs_approval")]
    [TestCase("export", "MODIFY", "exports")]
    [TestCase("report", "DEFER", "reports")]
    [TestCase("unheard_of", "BLOCK", "no_matching_rule")]
    public async Task Enforce_ToolOfARule_ReturnsItsDecision(string tool, string decision, string code)
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.EvaluateAsync(tool, new { name = "x", ssn = "1" });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(reply.Text("decision"), Is.EqualTo(decision));
            Assert.That(reply.Text("authorization_decision"), Is.EqualTo(decision));
            Assert.That(reply.Text("decision_reason_code"), Is.EqualTo(code));
            Assert.That(reply.Text("pack_id"), Is.EqualTo("test"));
            Assert.That(reply.Text("pack_version"), Is.EqualTo("7"));
            Assert.That(reply.Text("action_attestation_id"), Is.EqualTo("a-1"));
            Assert.That(reply.Has("enforcement_trace_id"), Is.False, "none was sent");
            Assert.That(reply.Has("violation_id"), Is.EqualTo(decision is not ("ALLOW" or "MODIFY")));
            Assert.That(reply.Has("hold_token"), Is.EqualTo(decision == "STEP_UP"));
            Assert.That(reply.Json.GetProperty("latency_ms").GetDouble(), Is.GreaterThanOrEqualTo(0));
            Assert.That(reply.Header("X-RateLimit-Limit"), Is.EqualTo("60000"));
            Assert.That(reply.Header("X-RateLimit-Remaining"), Is.EqualTo("59999"));
        }

        var row = host.Activity.Decisions(new ActivityFilter { Limit = 10 }).Single();
        Assert.That((row.Decision, row.Tool, row.Agent, row.User, row.Code), Is.EqualTo((decision, tool, "bot", "ada", code)));
    }

    [TestCase("prod")]
    [TestCase("PROD ")]
    [TestCase("\tProd")]
    public async Task Enforce_EnvironmentInAnySpelling_IsRecordedAsPoliciesNameIt(string environment)
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.EnforceAsync(JsonSerializer.Serialize(new { tool_name = "read_doc", session_id = "s", environment }));

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(host.Activity.Decisions(new ActivityFilter { Limit = 10 }).Single().Environment, Is.EqualTo("prod"));
    }

    [Test]
    public async Task Enforce_Modify_ReturnsTheChangedArguments()
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.EvaluateAsync("export", new { name = "x", ssn = "1" });

        Assert.That(reply.Json.GetProperty("modified_tool_args").GetRawText(), Is.EqualTo("""{"name":"x"}"""));
        Assert.That(reply.Text("modification_reason"), Is.EqualTo("No social security numbers."));
    }

    [Test]
    public async Task Enforce_Defer_ReturnsWhenToRetry()
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.EvaluateAsync("report", null);

        Assert.That(reply.Json.GetProperty("defer_timeout_seconds").GetInt32(), Is.EqualTo(120));
        Assert.That(reply.Text("defer_reason"), Is.EqualTo("The books are open."));
    }

    [TestCase("""{"agent_id":"go","tenant_id":"acme","user_id":"","tool_name":"read_doc","session_id":"s","session_tool_calls":null,"approved_scope":null,"enforcement_mode":"block","environment":"prod","enforcement_trace_id":"t","request_id":"r","occurred_at":"2026-01-02T03:04:05Z","tool_args":{"arg0":"a","arg1":2}}""", TestName = "Go, empty user and null lists")]
    [TestCase("""{"agent_id":"py","tenant_id":"acme","user_id":"system","tool_name":"read_doc","session_id":"s","session_tool_calls":["read_doc"],"approved_scope":[],"enforcement_mode":"progressive","environment":"prod","enforcement_trace_id":"t","tool_args":{"args":["a",2],"kwargs":{"b":null}}}""", TestName = "Python, positional and named arguments")]
    [TestCase("""{"agent_id":"ts","tenant_id":"acme","user_id":"u","tool_name":"read_doc","session_id":"s","session_tool_calls":["other"],"enforcement_mode":"step_up","environment":"dev","identity_binding":{"agent_id":"ts","n":1},"tool_args":{"args":[{"a":1}]},"metadata":{"policy_context":{"x":1}}}""", TestName = "TypeScript, no scope and itself not in its history")]
    [TestCase("""{"tool_name":"read_doc","session_id":"s"}""", TestName = "required fields only")]
    [TestCase("""{"tool_name":"read_doc","session_id":"s","enforcement_mode":"shadow","tool_args":null,"unknown":{"deep":[1]}}""", TestName = "old mode, no arguments, unknown fields")]
    public async Task Enforce_RequestOfAnotherSdk_IsDecided(string body)
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.EnforceAsync(body);

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
        Assert.That(reply.Text("decision"), Is.EqualTo("ALLOW"));
        Assert.That(host.Activity.Decisions(new ActivityFilter()).Single().User, Is.Not.Empty);
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{")]
    [TestCase("""{"tool_name":"read_doc","session_id":"s"} x""")]
    [TestCase("""{"session_id":"s"}""")]
    [TestCase("""{"tool_name":" ","session_id":"s"}""")]
    [TestCase("""{"tool_name":"read_doc"}""")]
    [TestCase("""{"tool_name":"delete","tool_name":"read_doc","session_id":"s"}""")]
    [TestCase("""{"tool_name":"read_doc","session_id":"s","tool_args":{"a":1,"a":2}}""")]
    [TestCase("""{"tool_name":"read_doc","session_id":"s","tool_args":[1]}""")]
    [TestCase("""{"tool_name":"read_doc","session_id":"s","enforcement_mode":"off"}""")]
    [TestCase("""{"tool_name":"read_doc","session_id":"s","approved_scope":"read_doc"}""")]
    [TestCase("""{"tool_name":"read_doc","session_id":"s","approved_scope":[null]}""")]
    [TestCase("""{"tool_name":"\ud800","session_id":"s"}""")]
    [TestCase("""{"tool_name":5,"session_id":"s"}""")]
    public async Task Enforce_MalformedRequest_GetsTheErrorResponse(string body)
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.EnforceAsync(body);

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(reply.ErrorCode, Is.EqualTo("malformed_request"));
        Assert.That(reply.Json.GetProperty("error").GetProperty("requestId").GetString(), Is.Not.Empty);
        Assert.That(host.Activity.Decisions(new ActivityFilter()), Is.Empty);
    }

    [Test]
    public async Task Enforce_ArgumentsDeeperThanTheEngineReads_AreRefused()
    {
        await using var host = await EnforcerHost.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "1" + new string('}', 70);

        var reply = await host.EnforceAsync($$"""{"tool_name":"read_doc","session_id":"s","tool_args":{{deep}}}""");

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Enforce_ObserveMode_HoldsNothing()
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.EnforceAsync("""{"tool_name":"refund","session_id":"s","enforcement_mode":"observe"}""");

        Assert.That(reply.Text("decision"), Is.EqualTo("STEP_UP"));
        Assert.That(reply.Has("hold_token"), Is.False);
        Assert.That(host.Approvals.CountPending(), Is.Zero);
    }

    [Test]
    public async Task Enforce_OutsideTheScope_IsBlockedByTheControl()
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.EnforceAsync("""{"tool_name":"read_doc","session_id":"s","approved_scope":["other"]}""");

        Assert.That(reply.Text("decision_reason_code"), Is.EqualTo("outside_approved_scope"));
        Assert.That(reply.Json.GetProperty("matched_control_ids")[0].GetString(), Is.EqualTo("approved_scope"));
    }

    [Test]
    public async Task Enforce_ChangedPolicy_TakesEffect()
    {
        await using var host = await EnforcerHost.StartAsync();
        await File.WriteAllTextAsync(host.PolicyPath, """{"id":"new","rules":[]}""");

        host.Get<PolicyEngine>().Reload();

        Assert.That((await host.EvaluateAsync("read_doc", null)).Text("decision"), Is.EqualTo("BLOCK"));
    }
}
