using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.Http;
using Thoth.Interception.Tests.Enforcement.Http;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Http;

/// <summary>Contract §1.1.6 and §2.3, on a clock that the test moves: nothing here waits for time.</summary>
public class PooledTimeoutTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _never = new();

    [Test]
    public void Limit_OnAnotherClock_EndsByThatClock()
    {
        using var limit = new PooledTimeout(TimeSpan.FromHours(1), _time, CancellationToken.None);

        _time.Advance(TimeSpan.FromHours(1));

        Assert.That(limit.Token.IsCancellationRequested, Is.True);
    }

    [Test]
    public async Task NoResponseInTime_FailClosed_Blocks([Values] bool sync, [Values] bool inTheBody)
    {
        await using var host = await Host(inTheBody, status: 200);
        var call = host.CallAsync(sync);
        await _arrived.Task;

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.That(call.IsCompleted, Is.False);
        await EndBy(call, TimeSpan.FromSeconds(0.2));

        var exception = await Assert.ThrowsAsync<EnforcerUnavailableException>(() => call);
        Assert.That((exception!.Reason, exception.SdkReasonCode), Is.EqualTo(("enforcer unavailable", SdkReasonCodes.EnforcerTimeout)));
        Assert.That(host.Runs, Is.Zero);
    }

    [Test]
    public async Task TimeoutOfTheClient_ShortensTheLimit([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync(
            build: builder => builder.ConfigureHttpClientBuilder(http => http.ConfigureHttpClient(client => client.Timeout = TimeSpan.FromSeconds(1))), time: _time);
        host.Server.OnEnforce = _ =>
        {
            _arrived.TrySetResult();
            return ContractAnswer.Never;
        };
        var call = host.CallAsync(sync);
        await _arrived.Task;

        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.That(call.IsCompleted, Is.False);
        await EndBy(call, TimeSpan.FromSeconds(0.2));

        var exception = await Assert.ThrowsAsync<EnforcerUnavailableException>(() => call);
        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.EnforcerTimeout));
    }

    [Test]
    public async Task NoResponseInTime_FailOpen_Runs([Values] bool sync, [Values] bool inTheBody)
    {
        await using var host = await Host(inTheBody, status: 200, options => options.FailOpen = true);
        var call = host.CallAsync(sync);
        await _arrived.Task;

        await EndBy(call, TimeSpan.FromSeconds(6));

        Assert.That(await call, Is.EqualTo("orig"));
        Assert.That((await host.LastDecisionAsync()).Reason, Is.EqualTo("enforcer unavailable (fail-open)"));
    }

    [Test]
    public async Task StalledBodyOfARefusal_IsNoOutage([Values] bool sync, [Values(401, 403)] int status)
    {
        await using var host = await Host(inTheBody: true, status, options => options.FailOpen = true);
        var call = host.CallAsync(sync);
        await _arrived.Task;

        await EndBy(call, TimeSpan.FromSeconds(6));

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => call);
        Assert.That(exception!.Reason, Is.EqualTo($"enforcer rejected request (status={status})"));
    }

    [Test]
    public void EndedExchange_LeavesNothingToTheNext([Values] bool cancelled)
    {
        using var caller = new CancellationTokenSource();
        var first = new PooledTimeout(TimeSpan.FromHours(1), TimeProvider.System, caller.Token);
        if (cancelled)
        {
            caller.Cancel();
            Assert.That(first.Token.IsCancellationRequested, Is.True);
        }

        var ended = false;
        first.Token.UnsafeRegister(_ => ended = true, null);
        ended = false;
        first.Dispose();
        caller.Cancel();
        using var second = new PooledTimeout(TimeSpan.FromHours(1), TimeProvider.System, CancellationToken.None);
        using var beside = new PooledTimeout(TimeSpan.FromHours(1), TimeProvider.System, CancellationToken.None);

        Assert.That((ended, second.Token.IsCancellationRequested), Is.EqualTo((false, false)));
        Assert.That(second.Token, Is.Not.EqualTo(beside.Token));
    }

    [Test]
    public async Task NextExchange_HasATimeLimitOfItsOwn()
    {
        new PooledTimeout(TimeSpan.FromHours(1), TimeProvider.System, CancellationToken.None).Dispose();
        var over = new TaskCompletionSource();

        using var next = new PooledTimeout(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        using var registration = next.Token.UnsafeRegister(_ => over.SetResult(), null);

        await over.Task;
        Assert.That(next.Token.IsCancellationRequested, Is.True);
    }

    [Test]
    public async Task ShorterLimit_IsKept([Values] bool sync)
    {
        await using var host = await Host(inTheBody: false, status: 200, options => options.EnforcementTimeout = TimeSpan.FromMilliseconds(100));
        var call = host.CallAsync(sync);
        await _arrived.Task;

        await EndBy(call, TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAsync<EnforcerUnavailableException>(() => call);
    }

    [Test]
    public async Task CallerCancels_IsCancellationWithItsOwnToken([Values] bool sync, [Values] bool failOpen, [Values(0, 200, 403)] int bodyOf)
    {
        using var source = new CancellationTokenSource();
        await using var host = await Host(inTheBody: bodyOf > 0, Math.Max(bodyOf, 200), options => options.FailOpen = failOpen);
        var call = host.CallAsync(sync, token: source.Token);
        await _arrived.Task;

        await source.CancelAsync();

        var exception = await Assert.CatchAsync<OperationCanceledException>(() => call);
        Assert.That(exception!.CancellationToken, Is.EqualTo(source.Token));
        Assert.That(host.Runs, Is.Zero);
    }

    [Test]
    public async Task CallerCancelledBefore_AsksNothing([Values] bool sync)
    {
        await using var host = await Host(inTheBody: false, status: 200);

        await Assert.CatchAsync<OperationCanceledException>(() => host.CallAsync(sync, token: new CancellationToken(canceled: true)));

        Assert.That(host.Server.Requests, Is.Empty);
    }

    [Test]
    public async Task CallerCancels_WhileHeld_IsCancellation([Values] bool sync)
    {
        using var source = new CancellationTokenSource();
        await using var host = await Host(inTheBody: false, status: 200);
        host.Server.OnEnforce = _ => """{"decision":"STEP_UP","hold_token":"tok"}""";
        host.Server.OnHold = _ => Silent();
        var call = host.CallAsync(sync, token: source.Token);
        await _arrived.Task;

        await source.CancelAsync();

        var exception = await Assert.CatchAsync<OperationCanceledException>(() => call);
        Assert.That(exception!.CancellationToken, Is.EqualTo(source.Token));
    }

    [Test]
    public async Task PollWithoutAResponse_IsRepeated()
    {
        await using var host = await Host(inTheBody: false, status: 200);
        host.Server.OnEnforce = _ => """{"decision":"STEP_UP","hold_token":"tok"}""";
        host.Server.OnHold = _ => host.Server.Holds.Count == 1 ? Silent() : """{"resolved":true,"resolution":"ALLOW"}""";
        var call = host.CallAsync();
        await _arrived.Task;

        await EndBy(call, TimeSpan.FromSeconds(6));

        Assert.That(await call, Is.EqualTo("orig"));
        Assert.That(host.Server.Holds, Has.Count.GreaterThanOrEqualTo(2));
    }

    [Test]
    public async Task RetryAfter_InEitherForm_IsPassedOn([Values] bool asDate, [Values(202, 429, 503)] int status)
    {
        await using var host = await Host(inTheBody: false, status: 200);
        var after = asDate ? (_time.GetUtcNow() + TimeSpan.FromSeconds(30)).ToString("R") : "30";
        host.Server.OnHold = _ => new() { Status = status, Headers = new Dictionary<string, string> { ["Retry-After"] = after } };

        var hold = await host.PollAsync();

        Assert.That((hold.Resolution, hold.RetryAfter), Is.EqualTo(((EnforcementDecision?)null, TimeSpan.FromSeconds(30))));
    }

    [TestCase("0")]
    [TestCase("-5")]
    [TestCase("soon")]
    [TestCase("99999999999")]
    [TestCase("Sat, 01 Jan 2000 00:00:00 GMT")]
    public async Task RetryAfter_WithoutAUsableTime_IsIgnored(string after)
    {
        await using var host = await Host(inTheBody: false, status: 200);
        host.Server.OnHold = _ => new() { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = after } };

        Assert.That(await host.PollAsync(), Is.EqualTo(HoldStatus.Pending()));
    }

    private async Task<HttpHost> Host(bool inTheBody, int status, Action<ThothOptions>? configure = null)
    {
        var host = await HttpHost.StartAsync(
            configure, builder => builder.ConfigureHttpClientBuilder(http => http.AddHttpMessageHandler(() => new HeadersSeen(_arrived))), _time);
        host.Server.OnEnforce = _ =>
        {
            if (!inTheBody)
            {
                _arrived.TrySetResult();
            }

            return new()
            {
                Status = status,
                Body = """{"decision":"ALLOW"}""",
                After = inTheBody ? null : _never.Task,
                RestAfter = inTheBody ? _never.Task : null,
            };
        };
        return host;
    }

    private ContractAnswer Silent()
    {
        _arrived.TrySetResult();
        return ContractAnswer.Never;
    }

    /// <summary>Moves the clock, and then on and on: a limit of the next step may begin only after the last one.</summary>
    private async Task EndBy(Task call, TimeSpan time)
    {
        _time.Advance(time);
        await Eventually.TrueAsync(() => call.IsCompleted, "the call has ended", async () =>
        {
            await Eventually.YieldAsync(500, () => call.IsCompleted);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        });
    }

    /// <summary>Says when the client has got the status, and so waits for the body.</summary>
    private sealed class HeadersSeen(TaskCompletionSource seen) : DelegatingHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = base.Send(request, cancellationToken);
            seen.TrySetResult();
            return response;
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            seen.TrySetResult();
            return response;
        }
    }
}
