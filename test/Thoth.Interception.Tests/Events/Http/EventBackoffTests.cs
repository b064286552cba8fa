using Thoth.Interception.Events.Http;

namespace Thoth.Interception.Tests.Events.Http;

public class EventBackoffTests
{
    [TestCase(2_000, 2_000)]
    [TestCase(60_000, 5_000)]
    [TestCase(0, 0)]
    [TestCase(-3_000, 0, Description = "a date that has passed")]
    [TestCase(null, null)]
    public void Capped_IsWhatTheApiAskedFor_AtMostFiveSeconds(int? retryAfterMs, int? expectedMs) =>
        Assert.That(EventBackoff.Capped(Wait(retryAfterMs)), Is.EqualTo(Wait(expectedMs)));

    private static TimeSpan? Wait(int? milliseconds) => milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
}
