namespace Thoth.Interception.Tests.Support;

/// <summary>Waits for events that are recorded beside the call.</summary>
internal static class TestEvents
{
    public static async Task<IReadOnlyList<BehavioralEvent>> WaitAsync(GovernedHost host, int count)
    {
        var events = await host.EventsAsync();
        for (var turn = 0; events.Count < count && turn < 100_000; turn++)
        {
            await Task.Yield();
            events = await host.EventsAsync();
        }

        return events;
    }
}
