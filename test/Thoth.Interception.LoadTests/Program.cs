using System.Globalization;
using Thoth.Interception.LoadTests;

if (args is ["--server"])
{
    await EnforcerServer.RunAsync();
    return 0;
}

const int Rounds = 81;
const int WarmUp = 40_000;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [Startup.ChildArgument, var variant, var count])
{
    await StartupChild.RunAsync(variant, int.Parse(count, CultureInfo.InvariantCulture));
    return 0;
}

if (args is ["--startup", .. var startup])
{
    await Startup.MeasureAsync(startup is [var times] ? int.Parse(times, CultureInfo.InvariantCulture) : 7);
    return 0;
}

if (args is ["--agents"])
{
    await AgentTurns.MeasureAsync();
    return 0;
}

using var server = await ServerProcess.StartAsync();
if (args is ["--sessions"])
{
    await KeptSessions.MeasureAsync(server.Url);
    return 0;
}

// The first calls fill the history; the bytes of a call and of a batch with it are what the bare client posts.
await using var governed = new GovernedCaller(server.Url);
for (var i = 0; i < 400; i++)
{
    await governed.CallAsync(i);
}

await governed.DrainAsync();
await using var bare = new BareCaller(server.Url, await server.GetAsync("/last-enforce"), await server.GetAsync("/last-events"));

// As the runtime compiles them in the end: what is measured is not its work. Both at once, since it compiles what they share for
// what it sees there: in turns, that would be whichever of them came first.
for (var i = 0; i < 2; i++)
{
    await Task.WhenAll(Measurement.OfAsync(bare, 16, WarmUp), Measurement.OfAsync(governed, 16, WarmUp));
}

Console.WriteLine("| callers | what | calls/s | with drain | p50 | p99 | bytes/call | ratio | ratio with drain |");
Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
foreach (var (callers, calls) in ((int, int)[])[(1, 1_500), (16, 4_000), (64, 4_000)])
{
    // In turns, and in many short ones, so that what else the machine does meets both of a round; the round in the middle, so that
    // luck helps neither.
    var rounds = new List<(Measurement Limit, Measurement Governed)>();
    for (var round = 0; round < Rounds; round++)
    {
        var limit = await Measurement.OfAsync(bare, callers, calls);
        rounds.Add((limit, await Measurement.OfAsync(governed, callers, calls)));
    }

    var middle = rounds.OrderBy(round => round.Governed.WithDrain / round.Limit.WithDrain).ElementAt(Rounds / 2);
    Print(callers, "limit", middle.Limit, null);
    Print(callers, "governed", middle.Governed, middle.Limit);
}

var statistics = governed.Statistics;
Console.WriteLine($"Events: {statistics.Enqueued} expected, {statistics.Sent} delivered, {statistics.Dropped} dropped.");
await SlowEnforcer.MeasureAsync(server.Url);
await WaitingEvents.MeasureAsync(server.Url);
return statistics.Sent == statistics.Enqueued ? 0 : 1;

static void Print(int callers, string what, Measurement m, Measurement? limit) => Console.WriteLine(
    $"| {callers} | {what} | {m.CallsPerSecond:N0} | {m.WithDrain:N0} | {m.P50.TotalMilliseconds:F2} ms | {m.P99.TotalMilliseconds:F2} ms | {m.BytesPerCall:N0} | " +
    (limit is null ? "| |" : $"{m.CallsPerSecond / limit.CallsPerSecond:F2} | {m.WithDrain / limit.WithDrain:F2} |"));
