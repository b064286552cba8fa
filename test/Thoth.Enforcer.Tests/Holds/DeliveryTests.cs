using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Holds;

/// <summary>An approval reaches its caller even if a response is lost, and releases one call.</summary>
public class DeliveryTests
{
    private const string Ran = """[{"event_id":"1","session_id":"s-1","tool_name":"refund","event_type":"TOOL_CALL_POST","occurred_at":"2026-01-02T03:04:09Z","metadata":{"action_attestation_id":"a-1"}}]""";

    [Test]
    public async Task Approved_Hold_ReleasesOneCall()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        Assert.That(await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace", "fine"), Is.EqualTo(AnswerOutcome.Recorded));

        var first = await host.PollAsync(token);
        host.Time.Advance(TimeSpan.FromSeconds(30));
        var replay = await host.PollAsync(token);

        Assert.That((first.Text("resolution"), first.Text("decision"), first.Text("reason")), Is.EqualTo(("ALLOW", "ALLOW", "fine")));
        Assert.That(first.Json.GetProperty("resolved").GetBoolean());
        Assert.That(first.Json.GetProperty("terminal_receipt").GetProperty("approver").GetString(), Is.EqualTo("grace"));
        Assert.That(first.Text("action_attestation_id"), Is.EqualTo("a-1"));
        Assert.That((replay.Text("resolution"), replay.Text("decision_reason_code")), Is.EqualTo(("BLOCK", "unknown_hold")));
        Assert.That(host.Approvals.History().Single().DeliveredAt, Is.Not.Null);
    }

    [Test]
    public async Task Approved_ResponseLost_IsDeliveredAgainForTheSameAction()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");
        var first = await host.PollAsync(token);
        host.Time.Advance(TimeSpan.FromSeconds(29));

        var again = await host.PollAsync(token);

        Assert.That(again.Body, Is.EqualTo(first.Body), "the action id in it binds both to one call");
        Assert.That(again.Text("action_attestation_id"), Is.EqualTo("a-1"));
        Assert.That(host.Approvals.Find(hold.Id)!.DeliveredAt, Is.EqualTo(host.Time.GetUtcNow().AddSeconds(-29)), "the time does not start again");
        Assert.That(host.Approvals.Find(hold.Id)!.RanAt, Is.Null);
    }

    [Test]
    public async Task Approved_ResponseLostJustBeforeTheExpiry_IsDeliveredAgain()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");
        host.Time.Advance(TimeSpan.FromSeconds(299));
        await host.PollAsync(token);
        host.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.That((await host.PollAsync(token)).Text("resolution"), Is.EqualTo("ALLOW"));
    }

    [Test]
    public async Task Approved_WithChangesAndResponseLost_IsDeliveredAgainWithTheSameArguments()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync(new { amount = 900 }, "transfer");
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        var (first, again) = (await host.PollAsync(token), await host.PollAsync(token));

        Assert.That(again.Body, Is.EqualTo(first.Body));
        Assert.That(again.Json.GetProperty("modified_tool_args").GetRawText(), Is.EqualTo("""{"amount":10}"""));
    }

    [Test]
    public async Task Approved_EventShowsThatItRan_IsNotDeliveredAgain()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");
        await host.PollAsync(token);

        await host.PostAsync("/v1/events/batch", Ran);

        Assert.That((await host.PollAsync(token)).Text("decision_reason_code"), Is.EqualTo("unknown_hold"));
        Assert.That(host.Approvals.Find(hold.Id)!.RanAt, Is.EqualTo(new DateTimeOffset(2026, 1, 2, 3, 4, 9, TimeSpan.Zero)));
    }

    [TestCase("\"action_attestation_id\":\"a-1\"", "\"action_attestation_id\":\"a-2\"")]
    [TestCase("\"session_id\":\"s-1\"", "\"session_id\":\"s-2\"")]
    [TestCase("\"tool_name\":\"refund\"", "\"tool_name\":\"transfer\"")]
    [TestCase("TOOL_CALL_POST", "TOOL_CALL_PRE")]
    public async Task Event_OfAnotherCall_DoesNotShowThatItRan(string part, string other)
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");
        await host.PollAsync(token);

        await host.PostAsync("/v1/events/batch", Ran.Replace(part, other, StringComparison.Ordinal));

        Assert.That(host.Approvals.Find(hold.Id)!.RanAt, Is.Null);
        Assert.That((await host.PollAsync(token)).Text("resolution"), Is.EqualTo("ALLOW"));
    }

    [Test]
    public async Task Approved_EventBeforeTheDelivery_IsOfAnotherCall()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        await host.PostAsync("/v1/events/batch", Ran);

        Assert.That(host.Approvals.Find(hold.Id)!.RanAt, Is.Null);
        Assert.That((await host.PollAsync(token)).Text("resolution"), Is.EqualTo("ALLOW"));
        Assert.That((await host.PollAsync(token)).Text("resolution"), Is.EqualTo("ALLOW"), "the first response may have been lost");
    }

    [Test]
    public async Task Approved_CallWithoutAnActionId_IsDeliveredOnce()
    {
        await using var host = await EnforcerHost.StartAsync();
        var held = await host.EnforceAsync("""{"tool_name":"refund","session_id":"s","tool_args":{"amount":900}}""");
        var hold = host.Approvals.Pending().Single();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.PollAsync(held.Text("hold_token"))));

        Assert.That(replies.Count(reply => reply.Text("resolution") == "ALLOW"), Is.EqualTo(1), "nothing binds a second response to the call");
        Assert.That(replies.Count(reply => reply.Text("resolution") == "BLOCK"), Is.EqualTo(19));
    }

    [Test]
    public async Task Approved_PolledConcurrently_IsBoundToOneAction()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.PollAsync(token)));

        Assert.That(replies.Select(reply => reply.Text("action_attestation_id")), Is.All.EqualTo("a-1"));
    }

    [Test]
    public async Task Explain_ApprovedCall_SaysWhatBecameOfIt()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        async Task<string> ImpactAsync() =>
            (await host.PostAsync("/v1/explain", """{"session_id":"s-1","tool_name":"refund"}""")).Text("business_impact");

        Assert.That(await ImpactAsync(), Does.StartWith("The tool has not run; nothing"));
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");
        Assert.That(await ImpactAsync(), Does.StartWith("The tool has not run yet"));
        await host.PollAsync(token);
        Assert.That(await ImpactAsync(), Does.Contain("may have run"));
        await host.PostAsync("/v1/events/batch", Ran);
        var reply = await host.PostAsync("/v1/explain", """{"session_id":"s-1","tool_name":"refund"}""");
        Assert.That(reply.Text("business_impact"), Is.EqualTo("The tool ran at 2026-01-02 03:04:09Z."));
        Assert.That(reply.Text("what_happened"), Does.EndWith("was STEP_UP. grace approved the call."));
        Assert.That(reply.Text("what_to_do_next"), Is.EqualTo("Nothing: the call has run."));
    }

    [TestCase(true, "grace denied the call.", "Do not repeat")]
    [TestCase(false, "No approver decided in time.", "Call the tool again")]
    public async Task Explain_RefusedOrExpiredCall_SaysSo(bool deny, string happened, string next)
    {
        await using var host = await EnforcerHost.StartAsync();
        var (_, hold) = await host.HoldAsync();
        if (deny)
        {
            await host.Approvals.DenyAsync(hold.Id, hold.ArgumentsHash, "grace");
        }
        else
        {
            host.Time.Advance(TimeSpan.FromSeconds(300));
            Assert.That(() => host.Approvals.Find(hold.Id)!.State, Is.EqualTo(HoldState.Expired).After(5000, 20));
        }

        var reply = await host.PostAsync("/v1/explain", """{"session_id":"s-1","tool_name":"refund"}""");

        Assert.That(reply.Text("what_happened"), Does.EndWith(happened));
        Assert.That(reply.Text("what_to_do_next"), Does.StartWith(next));
        Assert.That(reply.Text("business_impact"), Is.EqualTo("The tool has not run; nothing has changed."));
    }

    [Test]
    public async Task Explain_BlockInObserveMode_DoesNotSayThatTheToolDidNotRun()
    {
        await using var host = await EnforcerHost.StartAsync();
        await host.EnforceAsync("""{"tool_name":"delete","session_id":"s-1","enforcement_mode":"observe"}""");

        var reply = await host.PostAsync("/v1/explain", """{"session_id":"s-1","tool_name":"delete"}""");

        Assert.That(reply.Text("business_impact"), Does.Contain("observe mode the call may run"));
    }

    [Test]
    public async Task Timeline_HeldCall_ContainsTheAnswerByTimeOfOccurrence()
    {
        await using var host = await EnforcerHost.StartAsync();
        var start = host.Time.GetUtcNow();
        var (token, hold) = await host.HoldAsync();
        host.Time.Advance(TimeSpan.FromSeconds(10));
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace", "fine");
        await host.PollAsync(token);
        host.Time.Advance(TimeSpan.FromSeconds(60));
        await host.EvaluateAsync("read_doc", null);
        await host.PostAsync("/v1/events/batch", JsonSerializer.Serialize(new[]
        {
            new { event_id = "2", session_id = "s-1", event_type = "POST", occurred_at = start.AddSeconds(12) },
            new { event_id = "1", session_id = "s-1", event_type = "PRE", occurred_at = start.AddSeconds(-1) },
        }));

        var timeline = host.Activity.Timeline("local", "s-1");

        Assert.That(
            timeline.Select(entry => entry.Decision?.Tool ?? entry.Answer?.State ?? entry.Event!.Type),
            Is.EqualTo(["PRE", "refund", "Approved", "POST", "read_doc"]));
        var answer = timeline.Single(entry => entry.Answer is not null).Answer!;
        Assert.That((answer.Approver, answer.Reason, answer.Tool, answer.At), Is.EqualTo(("grace", "fine", "refund", start.AddSeconds(10))));
    }
}
