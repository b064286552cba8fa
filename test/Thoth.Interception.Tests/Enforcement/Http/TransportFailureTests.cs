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
}
