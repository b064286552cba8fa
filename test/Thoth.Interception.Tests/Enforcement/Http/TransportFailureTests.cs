using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Enforcement.Http;
using Thoth.Interception.Http;

namespace Thoth.Interception.Tests.Enforcement.Http;

public class TransportFailureTests
{
    [Test]
    public void CallerThatCancelled_SeesItsOwnCancellation_WhateverFailed()
    {
        using var caller = new CancellationTokenSource();
        using var time = new PooledTimeout(TimeSpan.FromHours(1), TimeProvider.System, caller.Token);
        caller.Cancel();
        Exception[] failures =
        [
            new IOException(), new OperationCanceledException(), new InvalidOperationException(),
            new HttpRequestException(HttpRequestError.ConnectionError), new HttpRequestException(HttpRequestError.InvalidResponse),
        ];

        foreach (var failure in failures)
        {
            var exception = Assert.Throws<OperationCanceledException>(() => TransportFailure.MeaningOf(failure, time.Token, caller.Token));
            Assert.That(exception!.CancellationToken, Is.EqualTo(caller.Token), failure.Message);
        }
    }

    [Test]
    public async Task ConnectionLostInTheMiddleOfAResponse_IsAnOutage([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync();
        host.Server.OnEnforce = _ => new() { Body = """{"decision":"ALLOW"}""", RestAfter = Task.FromException(new IOException()) };

        var exception = await host.RefusedAsync<EnforcerUnavailableException>(sync);

        Assert.That(exception.SdkReasonCode, Is.EqualTo(SdkReasonCodes.EnforcerUnreachable));
    }

    [Test]
    public async Task FailureInAHandler_ReachesTheCallerOfTheEnforcer()
    {
        await using var host = await HttpHost.StartAsync(build: builder => builder.ConfigureHttpClientBuilder(http => http.AddHttpMessageHandler(() => new Failing())));

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => host.PollAsync());
    }

    [TestCase(HttpRequestError.Unknown, 503, 503)]
    [TestCase(HttpRequestError.Unknown, 403, 403)]
    [TestCase(HttpRequestError.InvalidResponse, 403, 0)]
    public void StatusThatAHandlerThrew_IsTheResponse_UnlessItWasNotHttp(HttpRequestError error, int status, int expected)
    {
        using var time = new PooledTimeout(TimeSpan.FromHours(1), TimeProvider.System, CancellationToken.None);
        var failure = new HttpRequestException(error, "handler", null, (System.Net.HttpStatusCode)status);

        using var response = TransportFailure.MeaningOf(failure, time.Token, CancellationToken.None);

        Assert.That(response!.Status, Is.EqualTo(expected));
    }

    [TestCase(HttpRequestError.VersionNegotiationError)]
    [TestCase(HttpRequestError.UserAuthenticationError)]
    [TestCase(HttpRequestError.ExtendedConnectNotSupported)]
    public void FailureThatIsNoOutage_IsNotTakenForOne(HttpRequestError error)
    {
        using var time = new PooledTimeout(TimeSpan.FromHours(1), TimeProvider.System, CancellationToken.None);

        Assert.That(TransportFailure.MeaningOf(new HttpRequestException(error), time.Token, CancellationToken.None), Is.Null);
    }

    [Test]
    public void ConnectionThatFailed_IsAnOutage_WhateverStatusComesWithIt()
    {
        using var time = new PooledTimeout(TimeSpan.FromHours(1), TimeProvider.System, CancellationToken.None);
        var failure = new HttpRequestException(HttpRequestError.ConnectionError, "handler", null, System.Net.HttpStatusCode.OK);

        var exception = Assert.Throws<EnforcerUnavailableException>(() => TransportFailure.MeaningOf(failure, time.Token, CancellationToken.None));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.EnforcerUnreachable));
    }

    private sealed class Failing : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidTimeZoneException();
    }
}
