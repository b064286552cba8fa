using System.Collections.Concurrent;
using System.Text.Json;
using Thoth.Interception.EndToEndTests.Support;
using Thoth.Interception.Sqlite;

namespace Thoth.Interception.EndToEndTests.Outbox;

[NonParallelizable]
public class CrashTests
{
    private const int Callers = 8;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thoth-crash-");
    private readonly AcceptedEvents _events = new();
    private readonly ConcurrentDictionary<string, string> _asked = new();

    [TearDown]
    public void Clean() => _folder.Delete(recursive: true);

    [Test]
    [CancelAfter(600_000)]
    [Platform("Linux,MacOsX", Reason = "SIGKILL is what ends the child.")]
    public async Task Kill_AtRandomMoments_LeavesNoRunWithoutEvidence()
    {
        var (kills, seed) = (Proofs.AreFull ? 30 : 5, Random.Shared.Next());
        var random = new Random(seed);
        await TestContext.Out.WriteLineAsync($"seed {seed}");
        await using var server = await ContractServer.StartAsync();
        server.OnEnforce = request =>
        {
            _asked[request.Json.GetProperty("tool_args").GetProperty("number").GetString()!] =
                request.Json.GetProperty("action_attestation_id").GetString()!;
            return """{"decision":"ALLOW","decision_reason_code":"because"}""";
        };

        for (var kill = 0; kill < kills; kill++)
        {
            // With the ingest endpoint down now and then, so that much is left behind.
            server.OnEvents = kill % 3 == 1 ? _ => new ContractAnswer { Status = 503 } : request => _events.Take(request);
            using var child = await StartAsync(server, calls: 0);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 1500)), TimeProvider.System);
            await child.KillAsync();
        }

        server.OnEvents = request => _events.Take(request);
        using (var last = await StartAsync(server, calls: 10))
        {
            await last.EndAsync();
        }

        var runs = (await File.ReadAllTextAsync(RunsPath)).Split('\n')[..^1];
        var calls = _events.All.Where(e => AcceptedEvents.CallOf(e) is not null).ToLookup(e => AcceptedEvents.CallOf(e)!);
        var outcomes = calls.ToDictionary(call => call.Key, call => DistinctIds(call, "TOOL_CALL_POST", "TOOL_CALL_BLOCK"));
        var interrupted = _events.All.DistinctBy(AcceptedEvents.IdOf).Count(IsInterrupted);
        await TestContext.Out.WriteLineAsync(
            $"{kills} kills, {runs.Length} runs, {calls.Count} calls at the server, {interrupted} interrupted, "
            + $"{_events.All.Count - _events.All.DistinctBy(AcceptedEvents.IdOf).Count()} duplicates");

        Assert.That(runs, Is.Unique.And.Length.GreaterThan(kills));
        Assert.That(runs.Where(run => DistinctIds(calls[_asked[run]], "TOOL_CALL_PRE") != 1), Is.Empty, "runs without a pre event");
        Assert.That(runs.Where(run => outcomes.GetValueOrDefault(_asked[run]) != 1), Is.Empty, "runs without exactly one outcome");
        Assert.That(outcomes.Where(call => call.Value != 1), Is.Empty, "calls without exactly one outcome");
        Assert.That(
            _events.All.GroupBy(AcceptedEvents.IdOf).Where(same => same.DistinctBy(e => e.GetRawText()).Count() != 1), Is.Empty,
            "events of one id that differ");
        Assert.That(OutboxVerifier.Verify(OutboxPath).IsIntact, Is.True);
    }

    private static int DistinctIds(IEnumerable<JsonElement> call, params string[] types) =>
        call.Where(e => types.Contains(AcceptedEvents.TypeOf(e))).DistinctBy(AcceptedEvents.IdOf).Count();

    private static bool IsInterrupted(JsonElement e) =>
        e.GetProperty("metadata").TryGetProperty("error_type", out var type) && type.GetString() == "interrupted";

    private string OutboxPath => Path.Combine(_folder.FullName, "outbox.db");

    private string RunsPath => Path.Combine(_folder.FullName, "runs.txt");

    private Task<CrashChild> StartAsync(ContractServer server, int calls) =>
        CrashChild.StartAsync(server.Url, OutboxPath, RunsPath, Callers, calls);
}
