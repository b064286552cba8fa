using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Tests.Threading;

public class AsyncSignalTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AsyncSignal _signal = new();

    [Test]
    public async Task Wait_NoInterval_SleepsAgainAfterASignal()
    {
        for (var signals = 0; signals < 3; signals++)
        {
            await WaitAsync(isIdle: true);
            var sleep = WaitAsync(isIdle: true);
            Assert.That((_signal.IsAsleep, sleep.IsCompleted), Is.EqualTo((true, false)));

            _signal.Signal();
            await sleep;
            Assert.That(_signal.WasSignalled, Is.True);
        }
    }

    [Test]
    public async Task Wait_NoIntervalAndNotIdle_ChecksAfterATimeOnly()
    {
        await WaitAsync(isIdle: false);

        var poll = WaitAsync(isIdle: false);
        var before = poll.IsCompleted;
        _time.Advance(TimeSpan.FromMilliseconds(10));
        await poll.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(before, Is.False);
    }

    private Task WaitAsync(bool isIdle) => _signal.WaitAsync(TimeSpan.Zero, _time, () => isIdle).AsTask();
}
