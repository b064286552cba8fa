namespace Thoth.Interception.Tests.Support;

/// <summary>Waits for events that are recorded beside the call.</summary>
internal static class TestEvents
{
    public static async Task<IReadOnlyList<BehavioralEvent>> WaitAsync(GovernedHost host, int count)
    {
        var events = await host.EventsAsync();
        await Eventually.TrueAsync(
            () => events.Count >= count, $"{count} events are recorded", async () => events = await host.EventsAsync());
        return events;
    }
}
