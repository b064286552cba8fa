using Thoth.Enforcer.Changes;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Storage;

public class ActivityTests
{
    [Test]
    public async Task Decisions_Filtered_AreThoseThatMatch()
    {
        await using var host = await EnforcerHost.StartAsync();
        await host.EvaluateAsync("read_doc", null, "s-1");
        await host.EvaluateAsync("delete", null, "s-1");
        await host.EvaluateAsync("read_doc", null, "s-2");

        string[] Tools(ActivityFilter filter) => [.. host.Activity.Decisions(filter).Select(row => $"{row.Session} {row.Tool}")];

        Assert.That(Tools(new()), Is.EqualTo(["s-2 read_doc", "s-1 delete", "s-1 read_doc"]));
        Assert.That(Tools(new() { Session = "s-1" }), Is.EqualTo(["s-1 delete", "s-1 read_doc"]));
        Assert.That(Tools(new() { Tool = "read_doc" }), Has.Length.EqualTo(2));
        Assert.That(Tools(new() { Decision = "BLOCK" }), Is.EqualTo(["s-1 delete"]));
        Assert.That(Tools(new() { Tenant = "other" }), Is.Empty);
        Assert.That(Tools(new() { Limit = 1, Before = host.Activity.Decisions(new())[0].Seq }), Is.EqualTo(["s-1 delete"]));
        Assert.That(host.Activity.Tools(), Is.EqualTo(["delete", "read_doc"]));
    }

    [Test]
    public async Task Counts_PerSpan_AreTotalsByDecision()
    {
        await using var host = await EnforcerHost.StartAsync();
        var start = host.Time.GetUtcNow();
        await host.EvaluateAsync("read_doc", null);
        await host.EvaluateAsync("read_doc", null);
        host.Time.Advance(TimeSpan.FromMinutes(1));
        await host.EvaluateAsync("delete", null);

        var counts = host.Activity.Counts(start, TimeSpan.FromMinutes(1));

        Assert.That(counts.Select(count => (count.Decision, count.Count)), Is.EqualTo([("ALLOW", 2L), ("BLOCK", 1L)]));
        Assert.That(counts[1].From - counts[0].From, Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That(host.Activity.Counts(host.Time.GetUtcNow(), TimeSpan.FromMinutes(1)), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task RuleHits_SeveralRulesDecide_CountsEachOfThem()
    {
        await using var host = await EnforcerHost.StartAsync();
        await host.EvaluateAsync("transfer", new { amount = 5 });
        await host.EvaluateAsync("delete", null);
        await host.EvaluateAsync("delete", null);
        await host.EvaluateAsync("unheard_of", null);

        Assert.That(host.Activity.RuleHits(default), Is.EquivalentTo(new Dictionary<string, long> { ["transfers"] = 1, ["transfers-capped"] = 1, ["deletes"] = 2 }));
    }

    [Test]
    public async Task Timeline_OfASession_IsInOrder()
    {
        await using var host = await EnforcerHost.StartAsync();
        await host.EvaluateAsync("read_doc", null);
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await host.PostAsync("/v1/events/batch", """[{"event_id":"1","session_id":"s-1","event_type":"TOOL_CALL_POST"},{"event_id":"2","session_id":"s-2","event_type":"X"}]""");
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await host.EvaluateAsync("delete", null);

        var timeline = host.Activity.Timeline("local", "s-1");

        Assert.That(timeline.Select(entry => entry.Decision?.Tool ?? entry.Event!.Type), Is.EqualTo(["read_doc", "TOOL_CALL_POST", "delete"]));
    }

    [Test]
    public async Task Subscription_EachChange_IsPublishedInOrder()
    {
        await using var host = await EnforcerHost.StartAsync();
        using var changes = host.Get<ChangeFeed>().Subscribe();
        var (token, hold) = await host.HoldAsync();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");
        await host.PollAsync(token);
        await host.PostAsync("/v1/events/batch", """[{"session_id":"s","event_type":"X"}]""");

        var seen = await changes.ReadAllAsync(default).Take(5).Select(change => change.Kind).ToListAsync();

        Assert.That(seen, Is.EqualTo([ChangeKind.Decided, ChangeKind.Held, ChangeKind.Approved, ChangeKind.Delivered, ChangeKind.EventsReceived]));
    }

    [Test]
    public async Task Retention_OldRows_AreDeleted()
    {
        await using var host = await EnforcerHost.StartAsync(options => options with { RetentionDays = 1 });
        await host.EvaluateAsync("read_doc", null);
        var (_, hold) = await host.HoldAsync();
        await host.Approvals.RevealAsync(hold, "grace");
        await host.PostAsync("/v1/events/batch", """[{"session_id":"s","event_type":"X"}]""");
        host.Time.Advance(TimeSpan.FromDays(2));

        await host.RestartAsync();
        await host.EvaluateAsync("read_doc", null, "new");

        Assert.That(() => host.Activity.Decisions(new()).Select(row => row.Session), Is.EqualTo(["new"]).After(5000, 20));
        Assert.That(host.Activity.Events(new()), Is.Empty);
        Assert.That(host.Approvals.Find(hold.Id), Is.Null);
        Assert.That(host.Approvals.Reveals(hold.Id), Is.Empty);
    }
}
