namespace Thoth.Interception.Tests;

public class EventBackoffTests
{
    [TestCase(1, null, 100)]
    [TestCase(2, null, 200)]
    [TestCase(1, 2_000, 2_000)]
    [TestCase(1, 60_000, 5_000)]
    [TestCase(1, 0, 0)]
    [TestCase(1, -3_000, 0, Description = "a date that has passed")]
    public void Wait_IsAStepPerAttempt_OrWhatTheApiAskedFor_AtMostFiveSeconds(int attempt, int? retryAfterMs, int expectedMs) =>
        Assert.That(
            EventBackoff.After(attempt, retryAfterMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null),
            Is.EqualTo(TimeSpan.FromMilliseconds(expectedMs)));
}
