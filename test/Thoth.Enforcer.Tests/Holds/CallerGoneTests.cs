using Thoth.Enforcer.Changes;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Holds;

/// <summary>A call whose caller no longer polls is not offered for approval.</summary>
public class CallerGoneTests
{
    [Test]
    public async Task Hold_CallerStoppedPolling_NoLongerWaits()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.PollAsync(token);

        host.Time.Advance(TimeSpan.FromSeconds(30));

        var gone = host.Approvals.Find(hold.Id)!;
        Assert.That(gone.StateAt(host.Time.GetUtcNow()), Is.EqualTo(HoldState.CallerGone));
        Assert.That(gone.CallerIsGone(host.Time.GetUtcNow()));
        Assert.That(host.Approvals.Pending(), Is.Empty);
        Assert.That(host.Approvals.CountPending(), Is.Zero);
        Assert.That(host.Approvals.History().Single().Id, Is.EqualTo(hold.Id));
        Assert.That(await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace"), Is.EqualTo(AnswerOutcome.CallerGone));
        Assert.That(await host.Approvals.DenyAsync(hold.Id, hold.ArgumentsHash, "grace"), Is.EqualTo(AnswerOutcome.CallerGone));
    }

    [Test]
    public async Task Hold_CallerKeepsPolling_Waits()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        for (var i = 0; i < 20; i++)
        {
            await host.PollAsync(token);
            host.Time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.That(host.Approvals.Pending().Single().LastPolledAt, Is.EqualTo(host.Time.GetUtcNow().AddSeconds(-5)));
        Assert.That(await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace"), Is.EqualTo(AnswerOutcome.Recorded));
    }

    [Test]
    public async Task Hold_NeverPolled_WaitsUntilItExpires()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (_, hold) = await host.HoldAsync();

        host.Time.Advance(TimeSpan.FromSeconds(299));

        Assert.That(host.Approvals.Pending().Single().LastPolledAt, Is.Null, "a caller that was told to resume later has not polled yet");
        Assert.That(await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace"), Is.EqualTo(AnswerOutcome.Recorded));
    }

    [Test]
    public async Task Hold_CallerComesBackInTime_WaitsAgain()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.PollAsync(token);
        host.Time.Advance(TimeSpan.FromSeconds(60));
        await host.RestartAsync();
        Assert.That(host.Approvals.Pending(), Is.Empty);

        Assert.That((await host.PollAsync(token)).Json.GetProperty("resolved").GetBoolean(), Is.False);

        Assert.That(host.Approvals.Pending().Single().Id, Is.EqualTo(hold.Id));
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");
        Assert.That((await host.PollAsync(token)).Text("resolution"), Is.EqualTo("ALLOW"));
    }

    [Test]
    public async Task Holds_WhoseCallersAreGone_DoNotCountAgainstTheLimit()
    {
        await using var host = await EnforcerHost.StartAsync(options => options with { MaxHolds = 1 });
        var (token, _) = await host.HoldAsync();
        await host.PollAsync(token);

        host.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.That((await host.EvaluateAsync("refund", null)).Text("decision"), Is.EqualTo("STEP_UP"));
    }

    [Test]
    public async Task Page_CallerGoneOrBack_IsNotified()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.PollAsync(token);
        using var changes = host.Get<ChangeFeed>().Subscribe();

        host.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(await changes.ReadAllAsync(default).FirstAsync(), Is.EqualTo(new Change(ChangeKind.CallerGone, "local", hold.Id)));
        await host.PollAsync(token);
        Assert.That(await changes.ReadAllAsync(default).FirstAsync(), Is.EqualTo(new Change(ChangeKind.CallerBack, "local", hold.Id)));
    }

    [Test]
    public async Task Polls_InQuickSuccession_AreRecordedOnce()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.PollAsync(token);
        var first = host.Approvals.Find(hold.Id)!.LastPolledAt;
        host.Time.Advance(TimeSpan.FromSeconds(2));

        await host.PollAsync(token);

        Assert.That(host.Approvals.Find(hold.Id)!.LastPolledAt, Is.EqualTo(first));
    }
}
