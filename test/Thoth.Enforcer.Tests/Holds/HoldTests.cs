using Thoth.Enforcer.Changes;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Holds;

public class HoldTests
{
    [Test]
    public async Task Poll_Undecided_IsPendingForEverySdk()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, _) = await host.HoldAsync();

        var reply = await host.PollAsync(token);

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(reply.Text("token"), Is.EqualTo(token));
        Assert.That(reply.Json.GetProperty("resolved").ValueKind, Is.EqualTo(JsonValueKind.False));
        Assert.That(reply.Has("resolution"), Is.False);
        Assert.That(reply.Text("authorization_decision"), Is.EqualTo("STEP_UP"), "the TypeScript SDK reads this field");
        Assert.That(reply.Header("X-RateLimit-Remaining"), Is.Not.Empty);
    }

    [Test]
    public async Task Pending_HeldCall_HoldsWhatTheApproverMustKnow()
    {
        await using var host = await EnforcerHost.StartAsync();
        var reply = await host.EnforceAsync(
            """{"tool_name":"refund","session_id":"s","agent_id":"bot","user_id":"ada","session_tool_calls":["read_doc","refund"],"session_intent":"help","tool_args":{"amount":900}}""");

        var hold = host.Approvals.Pending().Single();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((hold.Tool, hold.Arguments, hold.Agent, hold.User, hold.Session), Is.EqualTo(("refund", """{"amount":900}""", "bot", "ada", "s")));
            Assert.That(hold.History, Is.EqualTo(["read_doc"]));
            Assert.That(hold.Intent, Is.EqualTo("help"));
            Assert.That((hold.Verdict.Reason, hold.Verdict.Evidence.RiskScore), Is.EqualTo(("Refunds need an approval.", (double?)50)));
            Assert.That(hold.Verdict.MatchedRuleIds, Is.EqualTo(["refunds"]));
            Assert.That(hold.ExpiresAt - hold.HeldAt, Is.EqualTo(TimeSpan.FromSeconds(300)));
            Assert.That(hold.Verdict.HoldToken, Is.Null, "only the caller gets the token");
        }

        var database = await File.ReadAllBytesAsync(host.DatabasePath + "-wal");
        Assert.That(database.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(reply.Text("hold_token"))), Is.Negative);
    }

    [Test]
    public async Task Denied_Hold_IsRefusedAtEveryPoll()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.Approvals.DenyAsync(hold.Id, hold.ArgumentsHash, "grace", "Too much.");

        foreach (var reply in (Reply[])[await host.PollAsync(token), await host.PollAsync(token)])
        {
            Assert.That((reply.Text("resolution"), reply.Text("reason"), reply.Text("decision_reason_code")), Is.EqualTo(("BLOCK", "Too much.", "step_up_denied")));
        }
    }

    [Test]
    public async Task Approved_WithChangedArguments_HasTheShapeThatEverySdkReads()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync(new { amount = 900 }, "transfer");
        Assert.That((hold.Arguments, hold.ArgumentsToRun), Is.EqualTo(("""{"amount":900}""", """{"amount":10}""")));
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        var reply = await host.PollAsync(token);

        Assert.That(reply.Text("decision"), Is.EqualTo("MODIFY"));
        Assert.That(reply.Has("resolved"), Is.False, "the TypeScript SDK would run the original arguments");
        Assert.That(reply.Json.GetProperty("modified_tool_args").GetRawText(), Is.EqualTo("""{"amount":10}"""));
    }

    [Test]
    public async Task Answers_Concurrent_OneCounts()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => i % 2 == 0
            ? host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, $"p{i}")
            : host.Approvals.DenyAsync(hold.Id, hold.ArgumentsHash, $"p{i}"))));

        Assert.That(outcomes.Count(outcome => outcome == AnswerOutcome.Recorded), Is.EqualTo(1));
        Assert.That(outcomes.Count(outcome => outcome == AnswerOutcome.AlreadyDecided), Is.EqualTo(19));
        var winner = Array.IndexOf(outcomes, AnswerOutcome.Recorded);
        Assert.That((await host.PollAsync(token)).Text("resolution"), Is.EqualTo(winner % 2 == 0 ? "ALLOW" : "BLOCK"));
        Assert.That(host.Approvals.Find(hold.Id)!.Approver, Is.EqualTo($"p{winner}"));
    }

    [Test]
    public async Task Approval_OfOtherArguments_DoesNotCount()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync(new { amount = 900 });
        var (_, other) = await host.HoldAsync(new { amount = 1 });

        var outcome = await host.Approvals.ApproveAsync(hold.Id, other.ArgumentsHash, "grace");

        Assert.That(outcome, Is.EqualTo(AnswerOutcome.OtherArguments));
        Assert.That((await host.PollAsync(token)).Json.GetProperty("resolved").GetBoolean(), Is.False);
    }

    [Test]
    public async Task Approval_UnknownHold_IsNotFound()
    {
        await using var host = await EnforcerHost.StartAsync();

        Assert.That(await host.Approvals.ApproveAsync("hold_x", "", "grace"), Is.EqualTo(AnswerOutcome.NotFound));
    }

    [Test]
    public async Task Hold_AfterItsTimeout_ExpiresAndAcceptsNoAnswer()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        using var changes = host.Get<ChangeFeed>().Subscribe();

        host.Time.Advance(TimeSpan.FromSeconds(300));

        Assert.That(await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace"), Is.EqualTo(AnswerOutcome.Expired));
        var reply = await host.PollAsync(token);
        Assert.That((reply.Text("resolution"), reply.Text("decision_reason_code")), Is.EqualTo(("BLOCK", "step_up_timeout")));
        Assert.That(await changes.ReadAllAsync(default).FirstAsync(), Is.EqualTo(new Change(ChangeKind.Expired, "local", hold.Id)));
        Assert.That(host.Approvals.History().Single().State, Is.EqualTo(HoldState.Expired));
        Assert.That(host.Approvals.Pending(), Is.Empty);
    }

    [Test]
    public async Task Approval_NotPolledInTime_Expires()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        host.Time.Advance(TimeSpan.FromSeconds(300));

        Assert.That((await host.PollAsync(token)).Text("decision_reason_code"), Is.EqualTo("step_up_timeout"));
    }

    [Test]
    public async Task Hold_RuleWithoutATimeout_HasTheConfiguredLifetime()
    {
        await using var host = await EnforcerHost.StartAsync(options => options with { HoldLifetime = TimeSpan.FromMinutes(2) });

        var reply = await host.EvaluateAsync("transfer", new { amount = 5 });

        Assert.That(reply.Json.GetProperty("step_up_timeout_seconds").GetInt32(), Is.EqualTo(120));
    }

    [Test]
    public async Task Restart_WhileACallIsHeld_KeepsItAndItsTimeout()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        var (late, _) = await host.HoldAsync();
        host.Time.Advance(TimeSpan.FromSeconds(200));

        await host.RestartAsync();

        Assert.That((await host.PollAsync(token)).Json.GetProperty("resolved").GetBoolean(), Is.False);
        Assert.That(await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace"), Is.EqualTo(AnswerOutcome.Recorded));
        await host.RestartAsync();
        Assert.That((await host.PollAsync(token)).Text("resolution"), Is.EqualTo("ALLOW"));
        await host.RestartAsync();
        host.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.That((await host.PollAsync(token)).Text("resolution"), Is.EqualTo("BLOCK"), "used before the restart");
        host.Time.Advance(TimeSpan.FromSeconds(70));
        Assert.That((await host.PollAsync(late)).Text("decision_reason_code"), Is.EqualTo("step_up_timeout"));
    }

    [Test]
    public async Task Holds_AThousandAtOnce_EachGetsItsOwnAnswer()
    {
        await using var host = await EnforcerHost.StartAsync();
        var holds = new (string Token, HoldRow Hold)[1000];
        await Parallel.ForAsync(0, holds.Length, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) => holds[i] = await host.HoldAsync(new { amount = i }));
        Assert.That(host.Approvals.CountPending(), Is.EqualTo(1000));

        await Parallel.ForAsync(0, holds.Length, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            var (token, hold) = holds[i];
            Assert.That((await host.PollAsync(token)).Json.GetProperty("resolved").GetBoolean(), Is.False);
            await (i % 3 == 0 ? host.Approvals.DenyAsync(hold.Id, hold.ArgumentsHash, "p") : host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "p"));
            Assert.That((await host.PollAsync(token)).Text("resolution"), Is.EqualTo(i % 3 == 0 ? "BLOCK" : "ALLOW"));
        });

        Assert.That(host.Approvals.CountPending(), Is.Zero);
    }

    [Test]
    public async Task Holds_MoreThanAllowed_AreBlocked()
    {
        await using var host = await EnforcerHost.StartAsync(options => options with { MaxHolds = 2 });
        await host.HoldAsync();
        await host.HoldAsync();

        var third = await host.EvaluateAsync("refund", null);

        Assert.That((third.Text("decision"), third.Text("decision_reason_code")), Is.EqualTo(("BLOCK", "too_many_holds")));
        Assert.That(third.Has("hold_token"), Is.False);
        Assert.That(host.Activity.Decisions(new ActivityFilter { Decision = "BLOCK" }), Has.Count.EqualTo(1));
    }

    [TestCase("..")]
    [TestCase("../../enforce")]
    [TestCase("%2e%2e")]
    [TestCase("a/b?c=1")]
    [TestCase("' OR 1=1 --")]
    [TestCase("\0")]
    [TestCase("☃")]
    [TestCase("*")]
    public async Task Poll_TrickInTheToken_IsNotFound(string trick)
    {
        await using var host = await EnforcerHost.StartAsync();
        await host.HoldAsync();

        foreach (var path in (string[])[$"/v1/enforce/hold/{Uri.EscapeDataString(trick)}", $"/v1/enforce/hold/{trick.Replace("\0", "%00", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal)}"])
        {
            var reply = await host.SendAsync(HttpMethod.Get, path, null);

            Assert.That(reply.Status, Is.AnyOf(HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.BadRequest), path);
            Assert.That(reply.Body, Does.Not.Contain("resolved"));
        }
    }

    [Test]
    public async Task Poll_VeryLongOrCutToken_IsNotFound()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, _) = await host.HoldAsync();

        foreach (var wrong in (string[])[new('a', 4000), token[..^1], token + "A", token.ToUpperInvariant(), host.Approvals.Pending()[0].Id])
        {
            Assert.That((await host.PollAsync(wrong)).ErrorCode, Is.EqualTo("hold_not_found"));
        }
    }
}
