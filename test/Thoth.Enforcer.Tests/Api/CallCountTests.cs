using System.Text.Json.Nodes;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Tests.Support;
using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Tests.Api;

/// <summary>A limit on a session's calls holds, whatever the caller says about its earlier calls.</summary>
public class CallCountTests
{
    private const string FiveRefunds = """
        { "tools_known": { "refund": [["order", "amount"]] },
          "rules": [
            { "id": "refund", "tools": "refund", "when": { "args.amount": { "at_most": 100 } }, "decision": "allow" },
            { "id": "big", "tools": "refund", "when": { "args.amount": { "greater": 100 } }, "decision": "step_up" },
            { "id": "five", "tools": "refund", "when": { "history": { "count": { "tools": "refund", "at_least": 5 } } }, "decision": "block" },
            { "id": "read", "tools": "read_*", "decision": "allow" } ] }
        """;

    private static readonly string[] s_names = ["order", "amount"];

    private static IEnumerable<string> Shapes() => SdkShape.All.Select(shape => shape.Name);

    [TestCaseSource(nameof(Shapes))]
    public async Task Count_SixteenParallelCalls_FiveRun(string shape)
    {
        await using var host = await StartAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => SdkShape.Of(shape).CallAsync(host, "refund", s_names, [$"A-{i}", 50])));

        Assert.That(replies.Count(reply => reply.Text("decision") == "ALLOW"), Is.EqualTo(5));
        Assert.That(replies.Count(reply => reply.Json.GetProperty("matched_rule_ids")[0].GetString() == "five"), Is.EqualTo(11));
    }

    [TestCaseSource(nameof(Shapes))]
    public async Task Count_CallerThatLeavesItsCallsOut_FiveRun(string shape)
    {
        await using var host = await StartAsync();
        var allowed = 0;
        for (var i = 0; i < 8; i++)
        {
            // Python and TypeScript collapse repeated names; a careless client sends none.
            var reply = await SdkShape.Of(shape).CallAsync(
                host, "refund", s_names, ["A", 50], more: new() { ["session_tool_calls"] = i % 2 == 0 ? new JsonArray() : new JsonArray("refund") });
            allowed += reply.Text("decision") == "ALLOW" ? 1 : 0;
        }

        Assert.That(allowed, Is.EqualTo(5));
    }

    [TestCaseSource(nameof(Shapes))]
    public async Task Count_SixteenHeldCallsThatAreApproved_FiveRun(string shape)
    {
        await using var host = await StartAsync();
        var held = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => SdkShape.Of(shape).CallAsync(host, "refund", s_names, [$"A-{i}", 500])));
        Assert.That(held.Select(reply => reply.Text("decision")), Is.All.EqualTo("STEP_UP"), "none has run yet");
        foreach (var hold in host.Approvals.Pending())
        {
            Assert.That(await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace"), Is.EqualTo(AnswerOutcome.Recorded));
        }

        var released = await Task.WhenAll(held.Select(reply => host.PollAsync(reply.Text("hold_token"))));

        Assert.That(released.Count(reply => reply.Text("decision") == "ALLOW"), Is.EqualTo(5));
        var refused = released.Where(reply => reply.Text("decision") != "ALLOW").ToList();
        Assert.That(refused.Select(reply => (reply.Text("resolution"), reply.Text("decision_reason_code"))), Is.All.EqualTo(("BLOCK", "five")));
        Assert.That(host.Approvals.History().Count(hold => hold.DeliveredAt is not null), Is.EqualTo(5));
        Assert.That((await SdkShape.Of(shape).CallAsync(host, "refund", s_names, ["A", 1])).Text("decision"), Is.EqualTo("BLOCK"));
    }

    [Test]
    public async Task Count_AllowedAndHeldCalls_AddUp()
    {
        await using var host = await StartAsync();
        var held = await RefundAsync(host, 500);
        for (var i = 0; i < 5; i++)
        {
            Assert.That((await RefundAsync(host, 1)).Text("decision"), Is.EqualTo("ALLOW"));
        }

        var hold = host.Approvals.Pending().Single();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        Assert.That((await host.PollAsync(held.Text("hold_token"))).Text("decision_reason_code"), Is.EqualTo("five"));
    }

    [Test]
    public async Task Count_ApprovedCallRefusedAtItsRelease_IsRecordedWithItsRule()
    {
        await using var host = await StartAsync();
        var held = await RefundAsync(host, 500, action: "a-1");
        var hold = host.Approvals.Pending().Single();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");
        for (var i = 0; i < 5; i++)
        {
            await RefundAsync(host, 1);
        }

        var polls = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.PollAsync(held.Text("hold_token"))));

        Assert.That(polls.Select(poll => poll.Body).Distinct().Count(), Is.EqualTo(1), "the refusal is final and the same for each poll");
        Assert.That((polls[0].Text("resolution"), polls[0].Text("decision_reason_code")), Is.EqualTo(("BLOCK", "five")));
        Assert.That(polls[0].Text("violation_id"), Is.Not.EqualTo(held.Text("violation_id")), "it is a decision of its own");
        var recorded = host.Activity.Decisions(new() { Session = "s" })[0];
        Assert.That(
            (recorded.Decision, recorded.Rules.Single(), recorded.Hold, recorded.Action), Is.EqualTo(("BLOCK", "five", hold.Id, "a-1")));
        Assert.That(host.Activity.Decisions(new() { Session = "s" }), Has.Count.EqualTo(7), "one record, however often the caller polls");
        Assert.That(host.Approvals.Find(hold.Id)!.State.ToString(), Is.EqualTo("Refused"));
        var explained = await host.PostAsync("/v1/explain", $$"""{"violation_id":"{{polls[0].Text("violation_id")}}"}""");
        Assert.That(explained.Text("why_it_was_blocked"), Does.Contain("five"));
        Assert.That(explained.Text("what_happened"), Does.Contain("grace approved the call").And.Contain("used up a limit"));
        var first = await host.PostAsync("/v1/explain", $$"""{"violation_id":"{{held.Text("violation_id")}}"}""");
        Assert.That(first.Text("business_impact"), Does.Contain("has not run"));

        await host.RestartAsync();
        Assert.That((await host.PollAsync(held.Text("hold_token"))).Body, Is.EqualTo(polls[0].Body));
    }

    [Test]
    public async Task Count_ApprovedCallRefusedAtItsRelease_IsShownAsRefused()
    {
        await using var host = await EnforcerHost.StartAsync(options => options with { PageToken = PageBrowser.Token });
        await UseAsync(host, FiveRefunds);
        var held = await RefundAsync(host, 500);
        var hold = host.Approvals.Pending().Single();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");
        for (var i = 0; i < 5; i++)
        {
            await RefundAsync(host, 1);
        }

        await host.PollAsync(held.Text("hold_token"));

        using var browser = await PageBrowser.SignInAsync(host);
        foreach (var path in (string[])["/", $"/holds/{hold.Id}"])
        {
            var page = await browser.ReadAsync(path);
            Assert.That(page, Does.Contain("Refused at release").And.Contain("approved by grace; refused when it was to run, by five"), path);
            Assert.That(page, Does.Not.Contain("has not polled yet"), path);
        }

        Assert.That(await browser.ReadAsync("/session?tenant=local&id=s"), Does.Contain("<strong>Approved</strong> by grace").And.Contain("five"));
        Assert.That(await browser.ReadAsync($"/?hold={hold.Id}&outcome=Recorded"), Does.Contain("but it does not run"));
    }

    [Test]
    public async Task Count_HeldCallAfterAPolicyChange_KeepsItsDecision()
    {
        await using var host = await StartAsync();
        var held = await RefundAsync(host, 500);
        await UseAsync(host, """{ "rules": [] }""");
        var hold = host.Approvals.Pending().Single();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        Assert.That((await host.PollAsync(held.Text("hold_token"))).Text("decision"), Is.EqualTo("ALLOW"));
    }

    [Test]
    public async Task Count_DeniedAndExpiredHolds_DoNotCount()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 6; i++)
        {
            var held = await RefundAsync(host, 500);
            var hold = host.Approvals.Pending().Single();
            await host.Approvals.DenyAsync(hold.Id, hold.ArgumentsHash, "grace");
            Assert.That((await host.PollAsync(held.Text("hold_token"))).Text("decision"), Is.EqualTo("BLOCK"));
        }

        Assert.That((await RefundAsync(host, 1)).Text("decision"), Is.EqualTo("ALLOW"));
    }

    [Test]
    public async Task Count_RepeatedAction_CountsOnce()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 6; i++)
        {
            Assert.That((await RefundAsync(host, 1, action: "a-1")).Text("decision"), Is.EqualTo("ALLOW"));
        }

        Assert.That(CountOf(host), Is.EqualTo(1));
    }

    [Test]
    public async Task Count_OneActionIdForSeveralCalls_CountsEach()
    {
        await using var host = await StartAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => RefundAsync(host, i, action: "constant")));

        Assert.That(replies.Count(reply => reply.Text("decision") == "ALLOW"), Is.EqualTo(5));
    }

    [Test]
    public async Task Count_GoWithAConfiguredActionId_CountsEachRequest()
    {
        await using var host = await StartAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => SdkShape.Of("Go").CallAsync(
            host, "refund", s_names, ["A", 1], more: new() { ["action_attestation_id"] = "constant", ["request_id"] = $"r-{i}" })));

        Assert.That(replies.Count(reply => reply.Text("decision") == "ALLOW"), Is.EqualTo(5));
    }

    [Test]
    public async Task Count_OtherSessionAgentOrTenant_StartsAtZero()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await RefundAsync(host, 1);
        }

        Assert.That((await RefundAsync(host, 1)).Text("decision"), Is.EqualTo("BLOCK"));
        Assert.That((await RefundAsync(host, 1, session: "other")).Text("decision"), Is.EqualTo("ALLOW"));
        Assert.That((await RefundAsync(host, 1, agent: "other")).Text("decision"), Is.EqualTo("ALLOW"));
    }

    [Test]
    public async Task Count_AfterARestart_Continues()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await RefundAsync(host, 1);
        }

        await host.RestartAsync();

        Assert.That((await RefundAsync(host, 1)).Text("decision"), Is.EqualTo("BLOCK"));
    }

    [Test]
    public async Task Count_ObservedCalls_CountBecauseTheyRun()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await RefundAsync(host, 500, mode: "observe");
        }

        Assert.That((await RefundAsync(host, 1)).Text("decision"), Is.EqualTo("BLOCK"));
    }

    [Test]
    public async Task Count_LargerOfCounterAndNames()
    {
        await using var host = await StartAsync();
        Assert.That((await RefundAsync(host, 1, calls: ["refund", "refund", "refund", "refund", "refund", "refund"])).Text("decision"), Is.EqualTo("BLOCK"));
        Assert.That((await RefundAsync(host, 1, calls: ["refund", "x", "refund"])).Text("decision"), Is.EqualTo("ALLOW"));
        Assert.That(CountOf(host), Is.EqualTo(1));
    }

    [Test]
    public async Task Count_OfAPattern_AddsTheToolsUp()
    {
        await using var host = await StartAsync("""
            { "rules": [
              { "id": "all", "tools": "*", "decision": "allow" },
              { "id": "three", "tools": "*", "when": { "history": { "count": { "tools": ["send_*", "post"], "at_least": 3 } } }, "decision": "block" } ] }
            """);

        var replies = await Task.WhenAll(
            new[] { "send_mail", "send_fax", "post", "send_mail", "post", "send_sms" }.Select(tool => host.EnforceAsync($$"""{"tool_name":"{{tool}}","session_id":"s"}""")));

        Assert.That(replies.Count(reply => reply.Text("decision") == "ALLOW"), Is.EqualTo(3));
    }

    [Test]
    public async Task ProgressiveScope_ParallelCallsOutside_AreCounted()
    {
        await using var host = await StartAsync("""{ "rules": [{ "id": "all", "tools": "*", "decision": "allow" }] }""");
        async Task<Reply> CallAsync() => await host.EnforceAsync(
            """{"tool_name":"other","session_id":"s","enforcement_mode":"progressive","approved_scope":["known"]}""");
        var held = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => CallAsync()));
        foreach (var hold in host.Approvals.Pending())
        {
            await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");
        }

        var released = await Task.WhenAll(held.Select(reply => host.PollAsync(reply.Text("hold_token"))));

        Assert.That(released.Count(reply => reply.Text("decision") == "ALLOW"), Is.EqualTo(3));
        Assert.That((await CallAsync()).Text("decision_reason_code"), Is.EqualTo("outside_approved_scope"));
    }

    [TestCase(129)]
    [TestCase(1_025)]
    [TestCase(20_000)]
    public async Task History_LongerThanTheNewest128_IsCut(int length)
    {
        await using var host = await StartAsync("""
            { "rules": [
              { "id": "all", "tools": "*", "decision": "allow" },
              { "id": "leak", "tools": "send", "when": { "history": { "contains": "secret" } }, "decision": "block" } ] }
            """);
        async Task<string> SendAsync(int secretAt, bool withCurrent)
        {
            var calls = Enumerable.Range(0, length).Select(i => i == length - secretAt ? "secret" : "x");
            return (await host.EnforceAsync(JsonSerializer.Serialize(new
            {
                tool_name = "send",
                session_id = "s",
                session_tool_calls = withCurrent ? calls.SkipLast(1).Append("send") : calls,
            }))).Text("decision");
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await SendAsync(128, withCurrent: true), Is.EqualTo("BLOCK"), "127 calls before this one");
            Assert.That(await SendAsync(129, withCurrent: true), Is.EqualTo("ALLOW"));
            Assert.That(await SendAsync(127, withCurrent: false), Is.EqualTo("BLOCK"));
            Assert.That(await SendAsync(128, withCurrent: false), Is.EqualTo("ALLOW"));
        }
    }

    private static Task<Reply> RefundAsync(
        EnforcerHost host, int amount, string session = "s", string agent = "bot", string? action = null, string mode = "block", string[]? calls = null) =>
        host.EnforceAsync(JsonSerializer.Serialize(new
        {
            tool_name = "refund",
            session_id = session,
            agent_id = agent,
            action_attestation_id = action,
            enforcement_mode = mode,
            session_tool_calls = calls,
            tool_args = new { order = "A", amount },
        }));

    private static long CountOf(EnforcerHost host) => host.Get<Enforcer.Storage.EnforcerDatabase>().Read(connection =>
        Enforcer.Storage.CallCountTable.Of(connection, new EnforcementContext
        {
            TenantId = "local",
            AgentId = "bot",
            UserId = "",
            SessionId = "s",
            EnforcementTraceId = "s",
        })["refund"]);

    private static async Task<EnforcerHost> StartAsync(string policy = FiveRefunds)
    {
        var host = await EnforcerHost.StartAsync();
        await UseAsync(host, policy);
        return host;
    }

    private static async Task UseAsync(EnforcerHost host, string policy)
    {
        await File.WriteAllTextAsync(host.PolicyPath, policy);
        host.Get<PolicyEngine>().Reload();
    }
}
