using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Tests.Threading;

public class CapacityLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void TryTake_MoreThanThereAre_TakesNone()
    {
        var places = new CapacityLimiter(3, _time);

        Assert.That((places.TryTake(2), places.TryTake(2), places.TryTake(1)), Is.EqualTo((true, false, true)));
        Assert.That(places.Fill, Is.EqualTo(1));
    }

    [Test]
    public async Task TakeAsync_FreedInTime_Takes()
    {
        var places = new CapacityLimiter(2, _time);
        places.TryTake(2);

        var taking = places.TakeAsync(2, TimeSpan.FromSeconds(1), default).AsTask();
        places.Free(1);
        Assert.That(taking.IsCompleted, Is.False);
        places.Free(1);

        Assert.That(await taking, Is.True);
    }

    [Test]
    public async Task TakeAsync_TimeIsOverOrClosed_TakesNone()
    {
        var places = new CapacityLimiter(1, _time);
        places.TryTake(1);

        var late = places.TakeAsync(1, TimeSpan.FromSeconds(1), default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(await late, Is.False);

        var closed = places.TakeAsync(1, TimeSpan.FromSeconds(1), default).AsTask();
        places.Close();
        places.Free(1);
        Assert.That((await closed, places.TryTake(1)), Is.EqualTo((false, false)));
    }

    [Test]
    public void TakeAsync_Cancelled_LeavesThePlaceToTheNext()
    {
        var places = new CapacityLimiter(1, _time);
        places.TryTake(1);
        using var impatience = new CancellationTokenSource();

        var taking = places.TakeAsync(1, TimeSpan.FromSeconds(1), impatience.Token).AsTask();
        impatience.Cancel();

        Assert.That(async () => await taking, Throws.InstanceOf<OperationCanceledException>());
        places.Free(1);
        Assert.That(places.TryTake(1), Is.True);
    }
}
