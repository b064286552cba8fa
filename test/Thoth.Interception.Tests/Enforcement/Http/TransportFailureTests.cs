namespace Thoth.Interception.Tests;

public class TransportFailureTests
{
    [Test]
    public void CallerThatCancelled_SeesItsOwnCancellation_WhateverFailed()
    {
        using var caller = new CancellationTokenSource();
        using var time = new TimeLimit(TimeSpan.FromHours(1), TimeProvider.System, caller.Token);
        caller.Cancel();
        Exception[] failures =
        [
            new IOException(), new OperationCanceledException(), new InvalidOperationException(),
            new HttpRequestException(HttpRequestError.ConnectionError), new HttpRequestException(HttpRequestError.InvalidResponse),
        ];

        foreach (var failure in failures)
        {
            var exception = Assert.Throws<OperationCanceledException>(() => TransportFailure.MeaningOf(failure, time, caller.Token));
            Assert.That(exception!.CancellationToken, Is.EqualTo(caller.Token), failure.Message);
        }
    }

    [TestCase(HttpRequestError.Unknown, 503, 503)]
    [TestCase(HttpRequestError.Unknown, 403, 403)]
    [TestCase(HttpRequestError.InvalidResponse, 403, 0)]
    public void StatusThatAHandlerThrew_IsTheAnswer_UnlessTheAnswerWasNoHttp(HttpRequestError error, int status, int expected)
    {
        using var time = new TimeLimit(TimeSpan.FromHours(1), TimeProvider.System, CancellationToken.None);
        var failure = new HttpRequestException(error, "handler", null, (System.Net.HttpStatusCode)status);

        using var answer = TransportFailure.MeaningOf(failure, time, CancellationToken.None);

        Assert.That(answer!.Status, Is.EqualTo(expected));
    }

    [Test]
    public void ConnectionThatFailed_IsAnOutage_WhateverStatusComesWithIt()
    {
        using var time = new TimeLimit(TimeSpan.FromHours(1), TimeProvider.System, CancellationToken.None);
        var failure = new HttpRequestException(HttpRequestError.ConnectionError, "handler", null, System.Net.HttpStatusCode.OK);

        var exception = Assert.Throws<EnforcerUnavailableException>(() => TransportFailure.MeaningOf(failure, time, CancellationToken.None));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.EnforcerUnreachable));
    }
}
