using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Load;

[Category("Load")]
public class EnforceLoadTests
{
    [Test]
    public async Task Enforce_TenThousandOverThirtyTwoConnections_AllSucceed()
    {
        const int Requests = 10_000;
        var time = TimeProvider.System;
        await using var host = await EnforcerHost.StartAsync(null, time);
        await host.EvaluateAsync("read_doc", null);
        var latencies = new double[Requests];
        var failures = 0;
        var started = time.GetTimestamp();

        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, _) =>
        {
            var sent = time.GetTimestamp();
            var reply = await host.EvaluateAsync(i % 10 == 0 ? "delete" : "read_doc", new { path = $"file {i}" }, $"s-{i % 100}");
            latencies[i] = time.GetElapsedTime(sent).TotalMilliseconds;
            if (reply.Status != HttpStatusCode.OK || reply.Text("decision") != (i % 10 == 0 ? "BLOCK" : "ALLOW"))
            {
                Interlocked.Increment(ref failures);
            }
        });

        var elapsed = time.GetElapsedTime(started);
        Array.Sort(latencies);
        await TestContext.Out.WriteLineAsync(
            $"{Requests} requests at 32 connections in {elapsed.TotalSeconds:F1} s: p50 {latencies[Requests / 2]:F1} ms, p99 {latencies[Requests * 99 / 100]:F1} ms, {failures} failed");
        Assert.That(failures, Is.Zero);
        Assert.That(host.Activity.Counts(default, TimeSpan.FromDays(1)).Sum(count => count.Count), Is.EqualTo(Requests + 1));
    }
}
