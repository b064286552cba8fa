using System.Collections.Concurrent;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Tests.Serialization;

public class UuidTests
{
    [Test]
    public void New_IsARandomUuid()
    {
        for (var i = 0; i < 1_000; i++)
        {
            Assert.That(Uuid.New().ToString(), Does.Match("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"));
        }
    }

    [Test]
    public async Task New_OnManyThreads_IsNeverTheSame()
    {
        var seen = new ConcurrentDictionary<Guid, bool>();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < 10_000; i++)
                {
                    seen[Uuid.New()] = true;
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.That(seen, Has.Count.EqualTo(80_000));
    }
}
