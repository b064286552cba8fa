using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Holds;

/// <summary>Polls of callers that do not wait: they peek, or make the held call again with a nonce.</summary>
public class NonceTests
{
    private static readonly (string, string) s_withdraw = ("X-Thoth-Hold-Withdraw", "true");
    private static readonly (string, string) s_peek = ("X-Thoth-Hold-Peek", "true");

    [Test]
    public async Task Approval_IsRepeatedToTheSameNonceOnly()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        var first = await host.PollAsync(token, Nonce("n-1"));
        var again = await host.PollAsync(token, Nonce("n-1"));
        var other = await host.PollAsync(token, Nonce("n-2"));
        var without = await host.PollAsync(token);
        host.Time.Advance(TimeSpan.FromSeconds(30));
        var late = await host.PollAsync(token, Nonce("n-1"));

        Assert.That(
            new[] { first, again, other, without, late }.Select(reply => reply.Text("resolution")),
            Is.EqualTo(["ALLOW", "ALLOW", "BLOCK", "BLOCK", "BLOCK"]));
    }

    [Test]
    public async Task Approval_DeliveredWithoutANonce_IsNotRepeatedToOne()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");
        await host.PollAsync(token);

        Assert.That((await host.PollAsync(token, Nonce("n-1"))).Text("decision_reason_code"), Is.EqualTo("unknown_hold"));
        Assert.That((await host.PollAsync(token)).Text("resolution"), Is.EqualTo("ALLOW"));
    }

    [Test]
    public async Task Approval_PolledInParallelWithOtherNonces_IsDeliveredToOne()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => host.PollAsync(token, Nonce($"n-{i}"))));

        Assert.That(replies.Count(reply => reply.Text("resolution") == "ALLOW"), Is.EqualTo(1));
    }

    [Test]
    public async Task Peek_ShowsTheStateAndDeliversNothing()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        var pending = await host.PollAsync(token, s_peek);
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        var shown = await host.PollAsync(token, s_peek);
        var notDelivered = host.Approvals.Find(hold.Id)!.DeliveredAt;
        host.Time.Advance(TimeSpan.FromSeconds(60));
        var delivered = await host.PollAsync(token, Nonce("n-1"));
        var after = await host.PollAsync(token, s_peek);

        Assert.That(pending.Json.GetProperty("resolved").GetBoolean(), Is.False);
        Assert.That((shown.Text("resolution"), notDelivered), Is.EqualTo(("ALLOW", (DateTimeOffset?)null)));
        Assert.That((delivered.Text("resolution"), after.Text("resolution")), Is.EqualTo(("ALLOW", "BLOCK")), "a peek shows that the approval was used");
        Assert.That(shown.Headers["X-Thoth-Hold-Peek"], Is.EqualTo(["true"]));
        Assert.That(delivered.Headers, Does.Not.ContainKey("X-Thoth-Hold-Peek"), "it was delivered");
    }

    [Test]
    public async Task Poll_OfACallerThatDoesNotWait_DoesNotMakeItGone()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.PollAsync(token, s_peek);
        await host.PollAsync(token, Nonce("n-1"));

        host.Time.Advance(TimeSpan.FromSeconds(60));

        Assert.That(host.Approvals.Pending().Single().LastPolledAt, Is.Null);
        Assert.That(await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace"), Is.EqualTo(AnswerOutcome.Recorded));
    }

    [Test]
    public async Task Withdrawal_TakesTheCallFromTheApproversAtOnce()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        Assert.That(host.Approvals.Pending(), Has.Count.EqualTo(1));

        var reply = await host.PollAsync(token, s_withdraw);

        Assert.That(reply.Json.GetProperty("resolved").GetBoolean(), Is.False);
        Assert.That(host.Approvals.Pending(), Is.Empty);
        Assert.That(await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace"), Is.EqualTo(AnswerOutcome.CallerGone));
        Assert.That(host.Approvals.Find(hold.Id)!.StateAt(host.Time.GetUtcNow()), Is.EqualTo(HoldState.CallerGone));
    }

    [Test]
    public async Task Withdrawal_AfterTheApproval_DeliversNothing()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");

        await host.PollAsync(token, s_withdraw);

        Assert.That(host.Approvals.Find(hold.Id)!.DeliveredAt, Is.Null);
    }

    [Test]
    public async Task Peek_OfAnotherTenantsToken_IsNotFound()
    {
        await using var host = await EnforcerHost.StartAsync();
        await host.HoldAsync();

        Assert.That((int)(await host.PollAsync("other", s_peek)).Status, Is.EqualTo(404));
    }

    private static (string, string) Nonce(string value) => ("X-Thoth-Hold-Nonce", value);
}
