using System.Text;

namespace Thoth.Interception.Tests.Enforcement.Http;

/// <summary>Contract §1.1.5: at most 1 MiB of a response is read, counted after decompression.</summary>
public class BodyLimitTests
{
    private const int Limit = 1024 * 1024;

    [Test]
    public async Task AsMuchAsIsAllowed_IsRead([Values] bool sync, [Values] Coding coding)
    {
        await using var host = await HttpHost.StartAsync();
        host.Server.OnEnforce = _ => Response(Limit, coding);

        Assert.That(await host.CallAsync(sync), Is.EqualTo("orig"));
    }

    [Test]
    public async Task OneByteMore_IsMalformed_AlsoUnderFailOpen([Values] bool sync, [Values] Coding coding)
    {
        await using var host = await HttpHost.StartAsync(options => options.FailOpen = true);
        host.Server.OnEnforce = _ => Response(Limit + 1, coding);

        await AssertMalformed(host, sync);
    }

    [Test]
    public async Task Bomb_IsNotUnpacked([Values] bool sync)
    {
        var bomb = ContractAnswer.Gzip(new byte[200 * Limit]);
        await using var host = await HttpHost.StartAsync(options => options.FailOpen = true);
        host.Server.OnEnforce = _ => bomb;
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await AssertMalformed(host, sync);

        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(32L * Limit));
    }

    [Test]
    public async Task BrokenCompression_IsMalformed([Values] bool sync, [Values("gzip", "deflate", "br")] string coding)
    {
        await using var host = await HttpHost.StartAsync(options => options.FailOpen = true);
        host.Server.OnEnforce = _ => new()
        {
            Body = "this text is not compressed",
            Headers = new Dictionary<string, string> { ["Content-Encoding"] = coding },
        };

        await AssertMalformed(host, sync);
    }

    [Test]
    public async Task UnknownCompression_IsMalformed([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync(options => options.FailOpen = true);
        host.Server.OnEnforce = _ => new()
        {
            RawBody = [1, 2, 3],
            Headers = new Dictionary<string, string> { ["Content-Encoding"] = "zstd" },
        };

        await AssertMalformed(host, sync);
    }

    [Test]
    public async Task CompressedTwice_IsRead([Values] bool sync)
    {
        var twice = ContractAnswer.Gzip(ContractAnswer.Gzip("""{"decision":"ALLOW"}"""u8.ToArray()).RawBody!);
        await using var host = await HttpHost.StartAsync();
        host.Server.OnEnforce = _ => new() { RawBody = twice.RawBody, Headers = Encoded("gzip, gzip") };

        Assert.That(await host.CallAsync(sync), Is.EqualTo("orig"));
    }

    [Test]
    public async Task ThousandsOfCodings_AreNotUnpacked([Values] bool sync, [Values(200, 403)] int status)
    {
        await using var host = await HttpHost.StartAsync(options => options.FailOpen = true);
        host.Server.OnEnforce = _ => new() { Status = status, RawBody = new byte[100], Headers = Encoded(string.Join(',', Enumerable.Repeat("br", 5_000))) };
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var exception = await host.RefusedAsync<PolicyViolationException>(sync);

        Assert.That(
            exception.SdkReasonCode, Is.EqualTo(status == 200 ? SdkReasonCodes.EnforcerInvalidResponse : SdkReasonCodes.EnforcerHttpError));
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(32L * Limit));
    }

    [Test]
    public async Task EndlessBodyOfAnError_IsNotWaitedFor([Values] bool sync, [Values(302, 400, 503)] int status, [Values(100, 10_000)] int length) =>
        await AssertNotWaitedFor(status, length, sync);

    /// <summary>What may be wrong with a key is looked for in the beginning of a body.</summary>
    [Test]
    public async Task EndlessBodyOfARefusedKey_IsReadNoFurtherThanNeeded([Values] bool sync, [Values(401, 403)] int status) =>
        await AssertNotWaitedFor(status, 10_000, sync);

    [Test]
    public async Task SmallBodiesOfErrors_LeaveTheConnectionInUse([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync();

        // With its length, so that all of it comes at once: the end of a chunked body is a piece of its own, which is not awaited.
        const string Body = """{"error":{"code":"x"}}""";
        host.Server.OnEnforce = _ => new() { Status = 400, Body = Body, Headers = new Dictionary<string, string> { ["Content-Length"] = $"{Body.Length}" } };

        await host.RefusedAsync<PolicyViolationException>(sync);
        await host.RefusedAsync<PolicyViolationException>(sync);

        Assert.That(host.Server.Requests.Select(r => r.Connection).Distinct().Count(), Is.EqualTo(1));
    }

    public enum Coding
    {
        Plain,
        Chunked,
        Gzip,
    }

    private static ContractAnswer Response(int size, Coding coding)
    {
        const string Start = """{"decision":"ALLOW","pad":" """;
        var body = Encoding.UTF8.GetBytes(Start + new string('x', size - Start.Length - 2) + "\"}");
        return coding switch
        {
            Coding.Gzip => ContractAnswer.Gzip(body),
            Coding.Chunked => new() { RawBody = body, RestAfter = Task.CompletedTask },
            _ => new() { RawBody = body, Headers = new Dictionary<string, string> { ["Content-Length"] = $"{body.Length}" } },
        };
    }

    private static Dictionary<string, string> Encoded(string codings) => new() { ["Content-Encoding"] = codings };

    private static async Task AssertNotWaitedFor(int status, int length, bool sync)
    {
        var rest = new TaskCompletionSource();
        await using var host = await HttpHost.StartAsync(options => options.EnforcementTimeout = TimeSpan.FromMinutes(1));
        host.Server.OnEnforce = _ => new() { Status = status, Body = new string('x', length), RestAfter = rest.Task };

        var exception = await Assert.CatchAsync<PolicyViolationException>(() => host.CallAsync(sync).WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.That(exception!.Reason, Is.EqualTo($"enforcer rejected request (status={status})"));
        rest.SetResult();
    }

    private static async Task AssertMalformed(HttpHost host, bool sync)
    {
        var exception = await host.RefusedAsync<PolicyViolationException>(sync);
        Assert.That((exception.Reason, exception.SdkReasonCode), Is.EqualTo(("enforcer unavailable", SdkReasonCodes.EnforcerInvalidResponse)));
    }
}
