using Thoth.Interception.EndToEndTests.Support;
using Thoth.Interception.Sqlite;

namespace Thoth.Interception.EndToEndTests.Outbox;

/// <summary>Calls that a process held before it was killed.</summary>
[NonParallelizable]
[Platform("Linux,MacOsX", Reason = "SIGKILL is what ends the child.")]
public class HeldCallCrashTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thoth-held-");
    private readonly AcceptedEvents _events = new();

    [TearDown]
    public void Clean() => _folder.Delete(recursive: true);

    [Test]
    [CancelAfter(120_000)]
    public async Task HeldCall_ProcessKilled_IsListedPeekedAtAndRunOnceByTheNext()
    {
        await using var server = await StartAsync(lifetime: 600);
        string id;
        using (var first = await HoldingAsync(server))
        {
            id = (await first.AskAsync("call 1"))!.Split(' ')[1];
            await first.KillAsync();
        }

        using (var second = await HoldingAsync(server))
        {
            Assert.That(await second.AskAsync("list"), Is.EqualTo(id));
            Assert.That(await second.AskAsync($"peek {id}"), Is.EqualTo("Pending"));
            Assert.That(await second.AskAsync("call 1"), Is.EqualTo($"held {id}"), "an equal call is the held one");
            server.OnHold = _ => """{"resolved":true,"resolution":"ALLOW"}""";
            Assert.That(await second.AskAsync($"resume {id} 1"), Is.EqualTo("ran"));
            await second.KillAsync();
        }

        using (var third = await HoldingAsync(server))
        {
            Assert.That(await third.AskAsync($"resume {id} 1"), Is.EqualTo("step_up_approval_used"), "the next process knows that it ran");
            await EventsAsync("TOOL_CALL_POST");
        }

        var call = _events.All.Where(e => AcceptedEvents.CallOf(e) is not null).DistinctBy(AcceptedEvents.IdOf);
        Assert.That(call.Select(AcceptedEvents.TypeOf), Is.EqualTo(["TOOL_CALL_PRE", "TOOL_CALL_POST"]));
        Assert.That(await RunsAsync(), Is.EqualTo(["1"]));
        Assert.That(server.Enforces, Has.Count.EqualTo(1), "it was evaluated once");
        Assert.That(OutboxVerifier.Verify(OutboxPath).IsIntact);
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task HeldCall_ExpiresAfterTheRestart_LeavesOneBlock()
    {
        await using var server = await StartAsync(lifetime: 6);
        using (var first = await HoldingAsync(server))
        {
            await first.AskAsync("call 1");
            await first.KillAsync();
        }

        using (var second = await HoldingAsync(server))
        {
            await EventsAsync("TOOL_CALL_BLOCK");
            Assert.That(await second.AskAsync("list"), Is.Empty);
        }

        using (var third = await HoldingAsync(server))
        {
            Assert.That(await third.AskAsync("list"), Is.Empty);
        }

        var call = _events.All.Where(e => AcceptedEvents.CallOf(e) is not null).DistinctBy(AcceptedEvents.IdOf).ToList();
        Assert.That(call.Select(AcceptedEvents.TypeOf), Is.EqualTo(["TOOL_CALL_PRE", "TOOL_CALL_BLOCK"]));
        Assert.That(call[1].GetProperty("metadata").GetProperty("decision_reason_code").GetString(), Is.EqualTo("step_up_timeout"));
        Assert.That(await RunsAsync(), Is.Empty);
        Assert.That(OutboxVerifier.Verify(OutboxPath).IsIntact);
    }

    [Test]
    [CancelAfter(600_000)]
    public async Task HeldCall_ProcessKilledWhileItResumes_RunsAtMostOnce()
    {
        var (rounds, seed) = (Proofs.AreFull ? 30 : 4, Random.Shared.Next());
        var random = new Random(seed);
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        await using var server = await StartAsync(lifetime: 600);
        for (var round = 1; round <= rounds; round++)
        {
            server.OnHold = _ => """{"resolved":false,"resolution":null}""";
            using var first = await HoldingAsync(server);
            var id = (await first.AskAsync($"call {round}"))!.Split(' ')[1];
            server.OnHold = _ => """{"resolved":true,"resolution":"ALLOW"}""";
            var killed = first.AskAsync($"resume {id} {round}");
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(30)), TimeProvider.System);
            await first.KillAsync();
            var before = await killed;
            using var second = await HoldingAsync(server);
            var after = await second.AskAsync($"resume {id} {round}");
            if (after == $"held {id}")
            {
                // The killed process had claimed the approval.
                after = await ClaimEndsAsync(second, id, round);
            }

            await TestContext.Out.WriteLineAsync($"{round}: {before ?? "killed"}, {after}");
            Assert.That(after, Is.EqualTo(before == "ran" ? "step_up_approval_used" : "ran").Or.EqualTo("step_up_approval_used"));
            await second.KillAsync();
        }

        Assert.That(await RunsAsync(), Is.Unique);
        Assert.That(OutboxVerifier.Verify(OutboxPath).IsIntact);
    }

    private static async Task<string?> ClaimEndsAsync(CrashChild child, string id, int round)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            if (await child.AskAsync($"resume {id} {round}") is var said && said != $"held {id}")
            {
                return said;
            }
        }
    }

    private string OutboxPath => Path.Combine(_folder.FullName, "outbox.db");

    private string RunsPath => Path.Combine(_folder.FullName, "runs.txt");

    private async Task<string[]> RunsAsync() => (await File.ReadAllTextAsync(RunsPath)).Split('\n')[..^1];

    private Task<CrashChild> HoldingAsync(ContractServer server) => CrashChild.StartHoldingAsync(server.Url, OutboxPath, RunsPath);

    private async Task<ContractServer> StartAsync(int lifetime)
    {
        var server = await ContractServer.StartAsync();
        server.OnEnforce = _ => $$"""{"decision":"STEP_UP","hold_token":"{{Guid.NewGuid():N}}","step_up_timeout_seconds":{{lifetime}}}""";
        server.OnEvents = request => _events.Take(request);
        return server;
    }

    private async Task EventsAsync(string type)
    {
        while (!_events.All.Any(e => AcceptedEvents.TypeOf(e) == type))
        {
            TestContext.CurrentContext.CancellationToken.ThrowIfCancellationRequested();
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
