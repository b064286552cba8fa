using Thoth.Interception.Serialization;

namespace Thoth.Interception.Tests.Serialization;

public class LazyUuidTests
{
    private LazyUuid _shared;

    [Test]
    public void Value_IsAVersion4Uuid_AndStaysTheSame()
    {
        var uuid = new LazyUuid();

        var first = uuid.Value;

        Assert.That(first.ToString(), Does.Match("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
        Assert.That(uuid.Value, Is.EqualTo(first));
        Assert.That(new LazyUuid().Value, Is.Not.EqualTo(first));
    }

    [Test]
    public async Task Value_ManyThreadsAskAtOnce_AllGetTheSame()
    {
        const int Threads = 4;
        using var start = new Barrier(Threads);
        for (var round = 0; round < 2_000; round++)
        {
            _shared = new LazyUuid();
            var seen = await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return _shared.Value;
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            Assert.That(seen.Distinct().Count(), Is.EqualTo(1));
        }
    }
}
