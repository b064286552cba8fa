using System.Text.Json;
using Microsoft.Extensions.Options;
using Thoth.Interception.Sqlite;
using Thoth.Interception.Tests.Sqlite.Support;

namespace Thoth.Interception.Tests.Events.Outbox;

public class OutboxSinkQueueTests
{
    private readonly OutboxFolder _folder = new();
    private ContractServer _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await ContractServer.StartAsync();

    [TearDown]
    public async Task CleanAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase(OutboxDurability.Background)]
    [TestCase(OutboxDurability.BeforeExecution)]
    public async Task Call_ApiIsThere_EventsAreSentAndLeaveTheFile(OutboxDurability durability)
    {
        await using var host = new OutboxHost(_folder, _server, o => o.Durability = durability);

        await host.CallAsync(20);
        await host.Pipeline.FlushAsync();

        var events = OutboxHost.EventsAt(_server);
        Assert.That(events.Select(Id), Is.Unique.And.Exactly(41).Items);
        Assert.That(
            events.Select(Type).CountBy(type => type),
            Is.EquivalentTo(new Dictionary<string, int> { ["LLM_INVOCATION"] = 1, ["TOOL_CALL_PRE"] = 20, ["TOOL_CALL_POST"] = 20 }));
        Assert.That(
            host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 41, Spooled = 41, Sent = 41 }));
        Assert.That(OutboxVerifier.Verify(_folder.Path), Has.Property("IsIntact").True.And.Property("Count").LessThanOrEqualTo(1));
    }

    [Test]
    public async Task Start_ApiWasDown_WhatIsLeftIsSentFirstAndInOrder()
    {
        _server.OnEvents = _ => new ContractAnswer { Abort = true };
        await using (var before = new OutboxHost(_folder, _server))
        {
            await before.CallAsync(30);
        }

        var arrived = _server.Events.Count;
        _server.OnEvents = _ => new ContractAnswer { Status = 202 };
        await using var after = new OutboxHost(_folder, _server);
        await after.CallAsync(5);
        await after.Pipeline.FlushAsync();

        var events = _server.Events.Skip(arrived).SelectMany(r => r.Json.EnumerateArray()).ToList();
        Assert.That(events.Select(Id), Is.Unique.And.Exactly(61 + 11).Items);
        Assert.That(events.Take(61).Select(e => e.GetProperty("session_id").GetString()).Distinct().Count(), Is.EqualTo(1));
        Assert.That(events.Take(61).Select(e => e.GetProperty("occurred_at").GetDateTime()), Is.Ordered);
        Assert.That((after.Statistics.Recovered, after.Statistics.Sent, after.Statistics.Waiting), Is.EqualTo((61, 72, 0)));
    }

    [Test]
    public async Task Dispose_ApiIsDown_LeavesEventsOnDiskAndDoesNotWaitForThem()
    {
        _server.OnEvents = _ => new ContractAnswer { Status = 503 };
        var host = new OutboxHost(_folder, _server, configure: o => o.Events.DrainTimeout = TimeSpan.FromMinutes(10));
        await host.CallAsync(3);
        var pipeline = host.Pipeline;

        await host.DisposeAsync();

        Assert.That((pipeline.Statistics.Waiting, pipeline.Statistics.Dropped), Is.EqualTo((7, 0)));
        Assert.That(OutboxVerifier.Verify(_folder.Path).Count, Is.EqualTo(7));
    }

    [Test]
    public async Task Call_ApiRefusesForGood_IsCountedAndLeavesTheFile()
    {
        _server.OnEvents = _ => new ContractAnswer { Status = 400 };
        await using var host = new OutboxHost(_folder, _server);

        await host.CallAsync(3);
        await host.Pipeline.FlushAsync();

        Assert.That((host.Statistics.DroppedRejected, host.Statistics.Sent, host.Statistics.Waiting), Is.EqualTo((7, 0, 0)));
    }

    [TestCase(401)]
    [TestCase(403)]
    public async Task Call_ApiRefusesTheKey_WaitsForAnother(int status)
    {
        _server.OnEvents = ContractServer.InTurn(new ContractAnswer { Status = status }, new ContractAnswer { Status = 202 });
        await using var host = new OutboxHost(_folder, _server);

        await host.CallAsync(3);
        await host.Pipeline.FlushAsync();

        Assert.That((host.Statistics.Dropped, host.Statistics.Sent), Is.EqualTo((0, 7)));
        Assert.That(_server.Events, Has.Count.GreaterThan(1));
    }

    [Test]
    public async Task Call_BackgroundAndFullOutbox_RunsAndIsCounted()
    {
        _server.OnEvents = _ => new ContractAnswer { Status = 503 };
        var host = new OutboxHost(_folder, _server, o => o.MaxBytes = 1024 * 1024, o => o.Events.QueueCapacity = 100);

        await host.CallAsync(2000);

        var pipeline = host.Pipeline;
        await host.DisposeAsync();

        var statistics = pipeline.Statistics;
        Assert.That((host.Work.Runs, statistics.Enqueued), Is.EqualTo((2000, 4001L)));
        Assert.That(statistics.DroppedQueueFull, Is.Positive);
        Assert.That(statistics.Spooled, Is.EqualTo(statistics.Waiting).And.Positive);
        Assert.That(statistics.Waiting + statistics.Dropped, Is.EqualTo(4001));
        Assert.That(OutboxVerifier.Verify(_folder.Path), Has.Property("Count").EqualTo(statistics.Waiting).And.Property("IsIntact").True);
    }

    [Test]
    public async Task Call_BeforeExecutionAndFullOutbox_IsRefused()
    {
        _server.OnEvents = _ => new ContractAnswer { Status = 503 };
        await using var host = new OutboxHost(_folder, _server, o => (o.MaxBytes, o.Durability) = (1024 * 1024, OutboxDurability.BeforeExecution));

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(() => host.CallAsync(2000));

        Assert.That(refusal!.InnerException, Is.TypeOf<OutboxException>().With.Property("Failure").EqualTo(OutboxFailure.NoRoom));
        Assert.That(host.Work.Runs, Is.InRange(100, 1999));
    }

    [Test]
    public async Task Call_BeforeExecution_PreEventAndDecisionAreOnDiskBeforeTheToolRuns()
    {
        _server.OnEvents = _ => new ContractAnswer { Status = 503 };
        await using var host = new OutboxHost(_folder, _server, o => o.Durability = OutboxDurability.BeforeExecution);
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.Allow, DecisionReasonCode = "because" };
        var phases = new List<string>();
        host.Work.During = () =>
        {
            phases.AddRange(_folder.Read("SELECT phase || ' ' || coalesce(json_extract(json, '$.metadata.decision_reason_code'), '') FROM records ORDER BY sequence"));
            return Task.CompletedTask;
        };

        await host.CallAsync(1);

        Assert.That(phases, Is.EqualTo(["session ", "pre ", "decision because"]));
    }

    [Test]
    public async Task Call_BeforeExecutionAndNowhereToWrite_IsRefusedUntilThereIs()
    {
        _folder.Path = Path.Combine(_folder.In("later"), "outbox.db");
        await using var host = new OutboxHost(_folder, _server, o => o.Durability = OutboxDurability.BeforeExecution);

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => host.Tools.WorkAsync(1));
        var runs = host.Work.Runs;
        Directory.CreateDirectory(_folder.In("later"));
        var refused = 1 + await RefusedUntilRunAsync(host);
        await host.Pipeline.FlushAsync();

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.EvidenceNotRecorded));
        Assert.That(exception.InnerException, Is.TypeOf<OutboxException>().With.Property("Failure").EqualTo(OutboxFailure.NotWritable));
        Assert.That((runs, host.Work.Runs), Is.EqualTo((0, 1)));
        var events = 3 + (2 * refused);
        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = events, Spooled = events, Sent = events }));
    }

    [Test]
    public async Task Call_BackgroundAndNowhereToWrite_RunsAndIsCounted()
    {
        _folder.Path = Path.Combine(_folder.In("never"), "outbox.db");
        var host = new OutboxHost(_folder, _server, configure: o => o.Events.QueueCapacity = 10);
        await host.CallAsync(20);
        var (pipeline, full) = (host.Pipeline, host.Statistics.DroppedQueueFull);

        await host.DisposeAsync();

        Assert.That((host.Work.Runs, full), Is.EqualTo((20, 31)));
        Assert.That(pipeline.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 41, DroppedQueueFull = 31, DroppedClosed = 10 }));
    }

    [Test]
    public async Task Call_BeforeExecutionAndFullDisk_IsRefusedUntilThereIsRoom()
    {
        using var disk = SmallDisk.Mount();
        _folder.Path = Path.Combine(disk.Path, "outbox.db");
        _server.OnEvents = _ => new ContractAnswer { Status = 503 };
        await using var host = new OutboxHost(_folder, _server, o => o.Durability = OutboxDurability.BeforeExecution);
        await host.CallAsync(1);
        var ballast = disk.Fill();

        PolicyViolationException? refusal = null;
        var ran = host.Work.Runs;
        for (var n = 0; n < 10_000 && refusal is null; n++)
        {
            try
            {
                await host.Tools.WorkAsync(n);
                ran++;
            }
            catch (PolicyViolationException exception)
            {
                refusal = exception;
            }
        }

        File.Delete(ballast);
        try
        {
            await host.Tools.WorkAsync(0);
        }
        catch (PolicyViolationException)
        {
            // The attempt to write that was under way may have begun before there was room: it refuses one call more.
            await host.Tools.WorkAsync(0);
        }

        Assert.That(refusal?.InnerException, Is.TypeOf<OutboxException>().With.Property("Failure").EqualTo(OutboxFailure.NoRoom));
        Assert.That(host.Work.Runs, Is.EqualTo(ran + 1));
    }

    [Test]
    public async Task Start_CallOfADeadProcess_GetsAnInterruptedOutcomeWithItsDecision()
    {
        _server.OnEvents = _ => new ContractAnswer { Status = 503 };
        await using (var dead = new OutboxHost(_folder, _server, o => o.Durability = OutboxDurability.BeforeExecution))
        {
            dead.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.Allow, DecisionReasonCode = "because" };
            await dead.CallAsync(1);
        }

        // As if the process had died before the outcome was written.
        _folder.Run("""
            INSERT INTO open_calls SELECT attestation_id, session_id, sequence, NULL FROM records WHERE phase = 'decision';
            DELETE FROM records WHERE phase = 'post'; UPDATE chain SET sequence = 3, hash = (SELECT hash FROM records WHERE sequence = 3) WHERE mark = 'head'
            """);
        var arrived = _server.Events.Count;
        _server.OnEvents = _ => new ContractAnswer { Status = 202 };
        for (var starts = 0; starts < 2; starts++)
        {
            await using var next = new OutboxHost(_folder, _server);
            await next.Pipeline.FlushAsync();
        }

        var events = _server.Events.Skip(arrived).SelectMany(r => r.Json.EnumerateArray()).ToList();
        var (pre, outcome) = (events.Single(e => Type(e) == "TOOL_CALL_PRE"), events.Single(e => Type(e) == "TOOL_CALL_POST"));
        var metadata = outcome.GetProperty("metadata");
        Assert.That(Text(metadata, "event_phase", "error_type", "decision_reason_code"), Is.EqualTo(["error", "interrupted", "because"]));
        Assert.That(Text(metadata, "action_attestation_id"), Is.EqualTo(Text(pre.GetProperty("metadata"), "action_attestation_id")));
        Assert.That(Id(outcome), Does.StartWith("acme:").And.Not.EqualTo(Id(pre)));
        Assert.That(Text(outcome, "content", "session_id"), Is.EqualTo(["tool invocation failed", Text(pre, "session_id")[0]]));
        Assert.That(OutboxVerifier.Verify(_folder.Path).IsIntact, Is.True);
    }

    [Test]
    public async Task Resolve_FileInUse_FailsTyped()
    {
        await using var first = new OutboxHost(_folder, _server);
        await first.CallAsync(1);
        await using var second = new OutboxHost(_folder, _server);

        Assert.That(() => second.Tools, Throws.TypeOf<OutboxException>().With.Property("Failure").EqualTo(OutboxFailure.InUse));
    }

    [Test]
    public async Task Resolve_NoApiUrl_SaysThatTheOutboxHasNowhereToSendTo()
    {
        await using var host = new OutboxHost(_folder, _server, configure: o => o.ApiUrl = null);

        Assert.That(() => host.Tools, Throws.TypeOf<OptionsValidationException>().With.Message.Contains("UseSqliteOutbox"));
    }

    [Test]
    public async Task Flush_AgainAndAgain_CoversWhatWasRecordedBefore()
    {
        await using var host = new OutboxHost(_folder, _server, configure: o => o.Events.FlushInterval = TimeSpan.FromMinutes(1));

        for (var i = 0; i < 30; i++)
        {
            await host.CallAsync(i % 9);
            await host.Pipeline.FlushAsync();
            Assert.That(host.Statistics, Has.Property("Sent").EqualTo(host.Statistics.Enqueued));
        }
    }

    /// <summary>An attempt to open the file that began before there was a folder may refuse one call more.</summary>
    private static async Task<int> RefusedUntilRunAsync(OutboxHost host)
    {
        for (var refused = 0; refused < 100; refused++)
        {
            try
            {
                await host.Tools.WorkAsync(2);
                return refused;
            }
            catch (PolicyViolationException)
            {
                // Asked again at once: no time has to pass.
            }
        }

        throw new AssertionException("The outbox did not recover.");
    }

    private static string Type(JsonElement e) => e.GetProperty("event_type").GetString()!;

    private static string Id(JsonElement e) => e.GetProperty("event_id").GetString()!;

    private static string?[] Text(JsonElement e, params string[] names) => [.. names.Select(name => e.GetProperty(name).GetString())];
}
