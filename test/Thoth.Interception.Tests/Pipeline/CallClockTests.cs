using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Tests.Pipeline;

public class CallClockTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [TestCase(0)]
    [TestCase(60)]
    [TestCase(5_000)]
    public void UtcAt_ATimestamp_IsTheTimeOfDayAtWhichItWasTaken(int millisecondsLater)
    {
        var time = new CorrectedClock();
        var clock = new CallClock(time);
        time.Pass(TimeSpan.FromMilliseconds(millisecondsLater));

        Assert.That(clock.UtcAt(clock.Timestamp()), Is.EqualTo(s_noon + TimeSpan.FromMilliseconds(millisecondsLater)));
    }

    [Test]
    public void UtcAt_ATimestampFromBeforeTheLastReading_IsBeforeIt()
    {
        var time = new CorrectedClock();
        var clock = new CallClock(time);
        var early = clock.Timestamp();
        time.Pass(TimeSpan.FromSeconds(1));
        clock.UtcAt(clock.Timestamp());

        Assert.That(clock.UtcAt(early), Is.EqualTo(s_noon));
    }

    [Test]
    public void UtcAt_TheClockIsSetBack_FollowsWithinATenthOfASecond()
    {
        var time = new CorrectedClock();
        var clock = new CallClock(time);
        time.Correct(TimeSpan.FromHours(-1));
        time.Pass(TimeSpan.FromMilliseconds(101));

        Assert.That(clock.UtcAt(clock.Timestamp()), Is.EqualTo(s_noon + TimeSpan.FromMilliseconds(101) - TimeSpan.FromHours(1)));
    }

    /// <summary>A clock whose time of day can be corrected while its timestamps go on, which the usual fake cannot do.</summary>
    private sealed class CorrectedClock : TimeProvider
    {
        private TimeSpan _passed;
        private TimeSpan _correction;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => _passed += time;

        public void Correct(TimeSpan correction) => _correction += correction;

        public override long GetTimestamp() => _passed.Ticks;

        public override DateTimeOffset GetUtcNow() => s_noon + _passed + _correction;
    }
}
