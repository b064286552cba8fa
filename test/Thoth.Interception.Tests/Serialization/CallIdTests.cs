using Thoth.Interception.Serialization;

namespace Thoth.Interception.Tests.Serialization;

public class CallIdTests
{
    private CallId _shared;

    [Test]
    public void Uuid_IsAVersion4Uuid_AndStaysTheSame()
    {
        var uuid = new CallId();

        var first = uuid.Uuid;

        Assert.That(first.ToString(), Does.Match("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
        Assert.That(uuid.Uuid, Is.EqualTo(first));
        Assert.That(new CallId().Uuid, Is.Not.EqualTo(first));
    }

    [Test]
    public async Task Uuid_ManyThreadsAskAtOnce_AllGetTheSame()
    {
        const int Threads = 4;
        using var start = new Barrier(Threads);
        for (var round = 0; round < 2_000; round++)
        {
            _shared = new CallId();
            var seen = await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return _shared.Uuid;
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            Assert.That(seen.Distinct().Count(), Is.EqualTo(1));
        }
    }
}
