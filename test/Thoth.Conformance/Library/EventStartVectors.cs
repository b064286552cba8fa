using Thoth.Conformance.Clients;

namespace Thoth.Conformance.Library;

/// <summary>Kind <c>event</c>, start form: what a client tells that starts.</summary>
internal static class EventStartVectors
{
    public static async Task RunAsync(Vector vector)
    {
        if (vector.Input.Text("action") is var action && action != "create_client")
        {
            throw new ConformanceException($"The runner does not know the action '{action}'.");
        }

        var setup = new VectorSetup { Configure = EventVectors.WithKey(VectorOptions.Read(vector.Input.Object("config"))) };
        await using var host = await VectorHost.StartAsync(await VectorServers.StartAsync(vector), setup);
        await host.Events.FlushAsync();
        var sent = host.Server.Events.SelectMany(request => request.Json.EnumerateArray()).ToList();
        var expected = vector.Expected.Objects("events");
        vector.Check(expected.Count == sent.Count, $"events: expected {expected.Count}, were {sent.Count}");
        for (var i = 0; i < expected.Count; i++)
        {
            EventLifecycleVectors.CheckEvent(vector, expected[i], i < sent.Count ? sent[i] : null, $"events[{i}]");
        }
    }
}
