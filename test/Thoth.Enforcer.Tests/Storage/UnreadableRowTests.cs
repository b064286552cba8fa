using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Storage;

/// <summary>A row that cannot be read takes down no page, and a call in such a row can be denied but not approved.</summary>
public class UnreadableRowTests
{
    private static readonly string[] s_holdDamages =
    [
        """arguments = '{"order":"\udc00"}'""",
        """arguments = '{"\ud800":1}'""",
        "arguments = '{'",
        "arguments = ''",
        "arguments = zeroblob(20)",
        "arguments_to_run = 'x'",
        "history = '[null]'",
        "history = 'x'",
        "history = '{}'",
        "verdict = 'x'",
        "verdict = 'null'",
        """verdict = '{"decision":"STEP_UP","authorization_decision":"\udc00"}'""",
        """verdict = '{"decision":"STEP_UP","authorization_decision":"STEP_UP","step_up_timeout_seconds":9223372036854775807}'""",
        "token_hash = 'text'",
        "held_at = 9223372036854775807",
        "held_at = -9223372036854775808",
        "expires_at = 9223372036854775807",
        "decided_at = 9223372036854775807",
    ];

    [TestCaseSource(nameof(s_holdDamages))]
    public async Task Hold_Damaged_IsMarkedAndCanBeDeniedOnly(string damage)
    {
        await using var host = await EnforcerHost.StartAsync();
        var (_, other) = await host.HoldAsync();
        var (token, hold) = await host.HoldAsync();
        await DamageAsync(host, $"UPDATE holds SET {damage} WHERE id = '{hold.Id}'");

        Assert.That(host.Approvals.Pending().Select(row => (row.Id, row.IsUnreadable)), Is.EquivalentTo([(hold.Id, true), (other.Id, false)]));
        Assert.That(await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace"), Is.EqualTo(AnswerOutcome.Unreadable));
        Assert.That((await host.PollAsync(token)).Status, Is.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await host.Approvals.DenyAsync(hold.Id, "of a row that the page cannot show", "grace"), Is.EqualTo(AnswerOutcome.Recorded));
        Assert.That(host.Approvals.History().Single().Id, Is.EqualTo(hold.Id));
        Assert.That((await host.PollAsync(token)).Body, Does.Not.Contain("ALLOW"));
    }

    [TestCase("state = 'Bogus'")]
    [TestCase("state = ''")]
    public async Task Hold_StateUnknown_IsOver(string damage)
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await DamageAsync(host, $"UPDATE holds SET {damage}");

        Assert.That(host.Approvals.Pending(), Is.Empty);
        Assert.That(host.Approvals.History().Single(), Has.Property(nameof(HoldRow.IsUnreadable)).True.And.Property(nameof(HoldRow.State)).EqualTo(HoldState.Expired));
        Assert.That(await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace"), Is.Not.EqualTo(AnswerOutcome.Recorded));
        Assert.That((await host.PollAsync(token)).Text("resolution"), Is.EqualTo("BLOCK"));
    }

    [Test]
    public async Task Hold_DamagedAfterItsApproval_DoesNotRun()
    {
        await using var host = await EnforcerHost.StartAsync();
        var (token, hold) = await host.HoldAsync();
        await host.Approvals.ApproveAsync(hold.Id, hold.ArgumentsHash, "grace");
        await DamageAsync(host, "UPDATE holds SET arguments_to_run = '{'");

        Assert.That((await host.PollAsync(token)).Text("resolution"), Is.EqualTo("BLOCK"));
    }

    [TestCase("UPDATE decisions SET rules = 'x'")]
    [TestCase("UPDATE decisions SET rules = '[null,1,{}]'")]
    [TestCase("UPDATE decisions SET at = 9223372036854775807")]
    [TestCase("UPDATE decisions SET at = -9223372036854775808")]
    [TestCase("UPDATE decisions SET risk = 9e999, latency_ms = 9e999")]
    [TestCase("UPDATE decisions SET decision = 'BOGUS', mode = '', tool = zeroblob(9)")]
    [TestCase("UPDATE events SET occurred_at = 9223372036854775807, received_at = -9223372036854775808")]
    [TestCase("UPDATE events SET json = 'x', duration_ms = 9e999")]
    public async Task Activity_DamagedRows_AreRead(string damage)
    {
        await using var host = await EnforcerHost.StartAsync();
        await host.EvaluateAsync("delete", null);
        await host.PostAsync("/v1/events/batch", """[{"session_id":"s-1","event_type":"X"}]""");
        await DamageAsync(host, damage);

        Assert.That(host.Activity.Decisions(new()), Has.Count.EqualTo(1));
        Assert.That(host.Activity.Events(new()), Has.Count.EqualTo(1));
        Assert.That(host.Activity.Timeline("local", "s-1"), Has.Count.EqualTo(2));
        Assert.That(() => host.Activity.RuleHits(DateTimeOffset.MinValue), Throws.Nothing);
        Assert.That(() => host.Activity.Counts(DateTimeOffset.MinValue, TimeSpan.FromMinutes(1)), Throws.Nothing);
        Assert.That((await host.PostAsync("/v1/explain", """{"session_id":"s-1","tool_name":"delete"}""")).Status, Is.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Name_WithANulCharacter_IsShownWithAMark()
    {
        await using var host = await EnforcerHost.StartAsync();

        await host.EnforceAsync("""{"tool_name":"read_a\u0000_all","session_id":"s-1"}""");

        Assert.That(host.Activity.Decisions(new()).Single().Tool, Is.EqualTo("read_a\uFFFD_all"), "SQLite's driver would end the text at the NUL");
    }

    private static Task<int> DamageAsync(EnforcerHost host, string sql) => host.Get<EnforcerDatabase>().WriteAsync(connection => connection.Execute(sql));
}
