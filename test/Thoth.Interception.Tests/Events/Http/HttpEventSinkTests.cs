using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Http;

namespace Thoth.Interception.Tests.Events.Http;

/// <summary>Contract §1.4 and §5.6, against a real server.</summary>
public class HttpEventSinkTests
{
    private static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_secondWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_attemptTimeout = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Test]
    public async Task Batch_IsAnArrayOfAtMostTenEvents_WithBothAuthHeaders()
    {
        await using var host = await EventHost.StartAsync(o => o.ApiUrl += "/base/");
        await host.DeliverAsync(23);

        Assert.That(host.Server.Events, Has.Count.EqualTo(3));
        foreach (var request in host.Server.Events)
        {
            Assert.That((request.Method, request.RawPath), Is.EqualTo(("POST", "/base/v1/events/batch")));
            Assert.That(request.Headers["Authorization"], Is.EqualTo("Bearer key"));
            Assert.That(request.Headers["X-Api-Key"], Is.EqualTo("key"));
            Assert.That(request.Headers["Content-Type"], Is.EqualTo("application/json"));
            Assert.That(request.Headers["Accept"], Is.EqualTo("application/json"));
            Assert.That(request.Headers["User-Agent"], Does.StartWith("Thoth.Interception/"));
            Assert.That(request.Headers.Keys, Has.None.EqualTo("X-Thoth-Event-Ingest-Token"));
            Assert.That(request.Json.ValueKind, Is.EqualTo(JsonValueKind.Array));
            Assert.That(request.Json.GetArrayLength(), Is.InRange(1, 10));
        }

        Assert.That(host.Server.Events.SelectMany(IdsIn), Is.Unique.And.Exactly(23).Items);
        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 23, Sent = 23 }));
    }

    [Test]
    public async Task IngestTokenAlone_IsEnough()
    {
        await using var host = await EventHost.StartAsync(o => (o.ApiKey, o.EventIngestToken) = (null, "ingest"));
        await host.DeliverAsync(1);

        var headers = host.Server.Events.Single().Headers;
        Assert.That(headers["X-Thoth-Event-Ingest-Token"], Is.EqualTo("ingest"));
        Assert.That(headers.Keys, Has.None.EqualTo("Authorization").And.None.EqualTo("X-Api-Key"));
    }

    [Test]
    public async Task NoCredentials_NothingIsSent_AndItIsSaidOnce()
    {
        await using var host = await EventHost.StartAsync(o => o.ApiKey = null);
        await host.DeliverAsync(1);
        await host.DeliverAsync(2);

        Assert.That(host.Server.Requests, Is.Empty);
        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 3, DroppedNoCredentials = 3 }));
        Assert.That(host.Log.Messages, Has.Exactly(1).Contains("neither ApiKey nor EventIngestToken is configured"));
    }

    [TestCase(503)]
    [TestCase(500)]
    [TestCase(429)]
    [TestCase(408)]
    public async Task TransientFailure_IsTriedAgainWithTheSameBody(int status)
    {
        await using var host = await EventHost.StartAsync();
        host.Server.OnEvents = ContractServer.InTurn(Status(status), Status(status), Status(202));

        var delivery = host.DeliverAsync(2);
        await PassAboutAsync(host, s_firstWait);
        await PassAboutAsync(host, s_secondWait);
        await delivery;

        Assert.That(host.Server.Events, Has.Count.EqualTo(3));
        Assert.That(host.Server.Events.Select(r => r.Body).Distinct(), Has.Exactly(1).Items);
        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 2, Sent = 2, Retried = 4 }));
        Assert.That(host.Log.Messages, Is.Empty);
    }

    [Test]
    public async Task ThirdFailure_IsTheLast()
    {
        await using var host = await EventHost.StartAsync();
        host.Server.OnEvents = _ => Status(503);
        host.Time.SkipsUpTo(s_secondWait * 1.25);

        await host.DeliverAsync(1);
        await host.DeliverAsync(1);

        Assert.That(host.Server.Events, Has.Count.EqualTo(6));
        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 2, Retried = 4, DroppedSinkFailed = 2 }));
        Assert.That(host.Log.Messages, Has.Exactly(2).Contains("with status 503"));
    }

    [Test]
    public async Task ResetConnection_IsTriedAgain()
    {
        await using var host = await EventHost.StartAsync();
        host.Server.OnEvents = ContractServer.InTurn(new ContractAnswer { Abort = true }, Status(200));

        var delivery = host.DeliverAsync(1);
        await PassAboutAsync(host, s_firstWait);
        await delivery;

        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 1, Sent = 1, Retried = 1 }));
    }

    [Test]
    public async Task RetryAfterInSeconds_IsWaitedFor()
    {
        await using var host = await EventHost.StartAsync();
        host.Server.OnEvents = ContractServer.InTurn(Status(429, "2"), Status(202));

        var delivery = host.DeliverAsync(1);
        await host.Time.PassAsync(TimeSpan.FromSeconds(2));
        await delivery;

        Assert.That(host.Statistics.Sent, Is.EqualTo(1));
    }

    [Test]
    public async Task RetryAfterAsADate_IsWaitedFor()
    {
        await using var host = await EventHost.StartAsync();
        var date = host.Time.GetUtcNow().AddSeconds(3).ToString("R", CultureInfo.InvariantCulture);
        host.Server.OnEvents = ContractServer.InTurn(Status(503, date), Status(202));

        var delivery = host.DeliverAsync(1);
        await host.Time.PassAsync(TimeSpan.FromSeconds(3));
        await delivery;

        Assert.That(host.Statistics.Sent, Is.EqualTo(1));
    }

    [TestCase(400, "not retried")]
    [TestCase(401, "check the key's scope")]
    [TestCase(403, "check the key's scope")]
    [TestCase(404, "not retried")]
    public async Task OtherStatus_DropsTheBatchAtOnce_AndNamesNoBody(int status, string hint)
    {
        await using var host = await EventHost.StartAsync();
        host.Server.OnEvents = _ => new ContractAnswer { Status = status, Body = "quoted secret" };

        await host.DeliverAsync(3);

        Assert.That(host.Server.Events, Has.Count.EqualTo(1));
        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 3, DroppedRejected = 3 }));
        Assert.That(host.Log.Messages, Has.Exactly(1).Contains($"status {status}").And.Exactly(1).Contains(hint).And.None.Contains("secret"));
    }

    [Test]
    public async Task TooLargeBatch_IsSplit_UntilTheApiTakesIt_WithTheSameEventIds()
    {
        await using var host = await EventHost.StartAsync();
        host.Server.OnEvents = request => Status(request.Json.GetArrayLength() > 3 ? 413 : 202);

        await host.DeliverAsync(10);

        Assert.That(host.Server.Events.Select(r => r.Json.GetArrayLength()), Is.EqualTo([10, 5, 2, 3, 5, 2, 3]));
        var whole = IdsIn(host.Server.Events[0]).ToArray();
        var taken = host.Server.Events.Where(r => r.Json.GetArrayLength() <= 3).SelectMany(IdsIn);
        Assert.That(taken, Is.EqualTo(whole));
        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 10, Sent = 10, Retried = 20 }));
        Assert.That(host.Log.Messages, Is.Empty);
    }

    [Test]
    public async Task SingleEventThatIsTooLarge_IsDroppedAndCounted_AndTheOthersArrive()
    {
        await using var host = await EventHost.StartAsync();
        string? unwanted = null;
        host.Server.OnEvents = request =>
        {
            var ids = IdsIn(request).ToArray();
            unwanted ??= ids[4];
            return Status(ids.Contains(unwanted) ? 413 : 202);
        };

        await host.DeliverAsync(10);

        Assert.That(host.Statistics with { Retried = 0 }, Is.EqualTo(new EventStatistics { Enqueued = 10, Sent = 9, DroppedRejected = 1 }));
        Assert.That(host.Log.Messages, Has.Exactly(1).Contains("refused 1 behavioural events with status 413"));
    }

    [Test]
    public async Task SplitBatch_WhoseOtherHalfFails_IsCountedByHalves()
    {
        await using var host = await EventHost.StartAsync();
        host.Time.SkipsUpTo(s_secondWait * 1.25);
        host.Server.OnEvents = ContractServer.InTurn(Status(413), Status(202), Status(503));

        await host.DeliverAsync(10);

        Assert.That(host.Statistics with { Retried = 0 }, Is.EqualTo(new EventStatistics { Enqueued = 10, Sent = 5, DroppedSinkFailed = 5 }));
    }

    [Test]
    public async Task LargeBatch_IsCompressedWhereAskedFor_AtEveryAttempt()
    {
        await using var host = await EventHost.StartAsync(o => o.Events.CompressionThresholdBytes = 1_000);
        host.Time.SkipsUpTo(s_secondWait * 1.25);
        host.Server.OnEvents = ContractServer.InTurn(Status(503), Status(202));

        await host.DeliverAsync(10);
        await host.DeliverAsync(1);

        var encodings = host.Server.Events.Select(r => r.Headers.GetValueOrDefault("Content-Encoding"));
        Assert.That(encodings, Is.EqualTo(["gzip", "gzip", null]));
        Assert.That(host.Server.Events[1].Body, Is.EqualTo(host.Server.Events[0].Body));
        Assert.That(host.Server.Events.Select(r => r.Json.GetArrayLength()), Is.EqualTo([10, 10, 1]));
        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 11, Sent = 11, Retried = 10 }));
    }

    [Test]
    public async Task WaitsBetweenAttempts_AreNotAllTheSame()
    {
        await using var host = await EventHost.StartAsync();
        host.Server.OnEvents = request => Status(host.Server.Events.Count % 2 == 1 ? 503 : 202);
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 6; i++)
        {
            var delivery = host.DeliverAsync(1);
            waits.Add(await PassAboutAsync(host, s_firstWait));
            await delivery;
        }

        Assert.That(waits.Distinct().Count(), Is.GreaterThan(1));
    }

    [Test]
    public async Task Redirect_IsNotFollowed()
    {
        await using var host = await EventHost.StartAsync(o => o.EventIngestToken = "ingest");
        await using var elsewhere = await ContractServer.StartAsync();
        var headers = new Dictionary<string, string> { ["Location"] = $"{elsewhere.Url}/v1/events/batch" };
        host.Server.OnEvents = _ => new ContractAnswer { Status = 307, Headers = headers };

        await host.DeliverAsync(1);

        Assert.That(elsewhere.Requests, Is.Empty);
        Assert.That(host.Statistics.DroppedRejected, Is.EqualTo(1));
    }

    [Test]
    public async Task Outage_IsLoggedAtErrorOnce_AndItsEnd()
    {
        await using var host = await EventHost.StartAsync();
        host.Server.OnEvents = ContractServer.InTurn(Status(404), Status(404), Status(202), Status(404));

        for (var i = 0; i < 4; i++)
        {
            await host.DeliverAsync(1);
        }

        Assert.That(host.Log.Messages, Has.Exactly(1).Contains("accepts behavioural events again"));
        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 4, Sent = 1, DroppedRejected = 3 }));
    }

    [Test]
    public async Task HangingAttempt_EndsAfterFiveSeconds_AndIsTriedAgain()
    {
        await using var host = await EventHost.StartAsync();

        await AssertHangingAttemptEnds(host, s_attemptTimeout);
    }

    [Test]
    public async Task TimeoutOfTheClient_ShortensAnAttempt()
    {
        var timeout = TimeSpan.FromSeconds(1);
        await using var host = await EventHost.StartAsync(
            add: services => services.AddHttpClient(ThothHttpClient.ClientName).ConfigureHttpClient(client => client.Timeout = timeout));

        await AssertHangingAttemptEnds(host, timeout);
    }

    [Test]
    public async Task EveryAttemptHangs_EventsAreDropped_AndTheLogSaysThatNoResponseCameInTime()
    {
        await using var host = await EventHost.StartAsync();
        host.Server.OnEvents = _ => ContractAnswer.Never;

        var delivery = host.DeliverAsync(1);
        foreach (var wait in (TimeSpan[])[s_firstWait, s_secondWait, default])
        {
            await host.Time.PassAsync(s_attemptTimeout, s_attemptTimeout);
            if (wait > TimeSpan.Zero)
            {
                await PassAboutAsync(host, wait);
            }
        }

        await delivery;
        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 1, Retried = 2, DroppedSinkFailed = 1 }));
        Assert.That(host.Log.Messages, Has.Exactly(1).EndsWith("did not reach the Thoth API: TimeoutException"));
    }

    [Test]
    public async Task HangingIngest_DelaysClosingNoLongerThanTheLimit_AndItsEventsAreCounted()
    {
        await using var host = await EventHost.StartAsync(o => o.Events.DrainTimeout = TimeSpan.FromMilliseconds(500));
        host.Server.OnEvents = _ => ContractAnswer.Never;
        ArrivalOf(host);
        host.Emit(5);
        var flush = host.Pipeline.FlushAsync();
        await _arrived.Task;

        var disposal = host.Pipeline.DisposeAsync().AsTask();
        host.Time.Advance(TimeSpan.FromMilliseconds(500));
        await disposal;
        await flush;

        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 5, DroppedClosed = 5 }));
    }

    [Test]
    public async Task Backlog_IsSentInFourRequestsAtATime()
    {
        await using var host = await EventHost.StartAsync();
        var release = new TaskCompletionSource();
        var (arrived, underWay) = (new SemaphoreSlim(0), 0);
        host.Server.OnEvents = _ =>
        {
            Interlocked.Increment(ref underWay);
            arrived.Release();
            return new ContractAnswer { Status = 202, After = release.Task };
        };

        var delivery = host.DeliverAsync(200);
        for (var i = 0; i < 4; i++)
        {
            await arrived.WaitAsync();
        }

        Assert.That(Volatile.Read(ref underWay), Is.EqualTo(4));
        release.SetResult();
        await delivery;
        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 200, Sent = 200 }));
    }

    [Test]
    public async Task Dispose_SendsWhatIsQueued_AndWhatComesLaterIsACountedDrop()
    {
        await using var host = await EventHost.StartAsync();
        host.Emit(3);

        await host.Pipeline.DisposeAsync();
        host.Emit(1);

        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 4, Sent = 3, DroppedClosed = 1 }));
    }

    [Test]
    public async Task FullQueue_DropsTheNewestWithoutWaiting()
    {
        await using var host = await EventHost.StartAsync(o => (o.Events.QueueCapacity, o.Events.DrainTimeout) = (1_000, TimeSpan.Zero));
        host.Server.OnEvents = _ => ContractAnswer.Never;

        host.Emit(1_100);

        Assert.That(host.Statistics.Enqueued, Is.EqualTo(1_100));
        Assert.That(host.Statistics.DroppedQueueFull, Is.InRange(60, 100));
    }

    [Test]
    public async Task ManyWritersAndAMoodyServer_EveryEventIsSentOrCounted()
    {
        await using var host = await EventHost.StartAsync(o => o.Events.QueueCapacity = 2_000);
        host.Time.SkipsUpTo(s_secondWait * 1.25);
        var turn = 0;
        host.Server.OnEvents = _ => (Interlocked.Increment(ref turn) % 7) switch
        {
            0 => Status(413),
            1 or 2 => Status(503),
            3 => Status(429),
            _ => Status(202),
        };

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => host.DeliverAsync(1_000))));
        await host.Pipeline.FlushAsync();

        var statistics = host.Statistics;
        Assert.That((statistics.Enqueued, statistics.Waiting), Is.EqualTo((4_000, 0)));
        Assert.That(statistics.Sent + statistics.Dropped, Is.EqualTo(4_000));
        Assert.That(statistics.Sent, Is.GreaterThan(0));
        Assert.That(host.Server.Events.SelectMany(IdsIn).Count() - statistics.Retried, Is.EqualTo(4_000 - statistics.DroppedQueueFull));
    }

    /// <summary>Waits are a quarter shorter or longer, as chance has it.</summary>
    private async Task AssertHangingAttemptEnds(EventHost host, TimeSpan after)
    {
        host.Server.OnEvents = ContractServer.InTurn(ContractAnswer.Never, Status(202));
        ArrivalOf(host);

        var delivery = host.DeliverAsync(1);
        await _arrived.Task;
        host.Time.Advance(after);
        await PassAboutAsync(host, s_firstWait);
        await delivery;

        Assert.That(host.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 1, Sent = 1, Retried = 1 }));
    }

    private static Task<TimeSpan> PassAboutAsync(EventHost host, TimeSpan wait) => host.Time.PassAsync(wait * 0.75, wait * 1.25);

    private static ContractAnswer Status(int status, string? retryAfter = null) => new()
    {
        Status = status,
        Headers = retryAfter is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Retry-After"] = retryAfter },
    };

    private static IEnumerable<string> IdsIn(RecordedRequest request) =>
        request.Json.EnumerateArray().Select(e => e.GetProperty("event_id").GetString()!);

    private void ArrivalOf(EventHost host)
    {
        var respond = host.Server.OnEvents;
        host.Server.OnEvents = request =>
        {
            _arrived.TrySetResult();
            return respond(request);
        };
    }
}
