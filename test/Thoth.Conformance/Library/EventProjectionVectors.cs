using System.Text.Json;
using Thoth.Conformance.Clients;
using Thoth.Interception.Events.Queue;

namespace Thoth.Conformance.Library;

/// <summary>
/// Kind <c>event</c>, projection form: what of an event is sent. The library's events are typed. A value with a place in
/// them is put there; a value without one is put where free JSON and texts have a place, so that it would be seen if
/// anything of those were sent.
/// </summary>
internal static class EventProjectionVectors
{
    public static async Task RunAsync(Vector vector)
    {
        var input = vector.Input;
        JsonElement[] events = input.Take("event") is { } one ? [one] : [.. input.List("events")];
        await using var host = await VectorHost.StartAsync(await VectorServers.StartAsync(vector), new VectorSetup { Configure = EventVectors.WithKey(_ => { }) });
        await host.Events.FlushAsync();
        var before = host.Server.Events.Count;

        // Nothing public records an event without a call, and a call has ids of its own.
        var pipeline = host.Get<EventPipeline>();
        Array.ForEach(events, e => pipeline.Enqueue(ProjectedEvent.Of(e)));
        await host.Events.FlushAsync();

        var sent = host.Server.Events.Skip(before).SelectMany(request => request.Json.EnumerateArray()).ToList();
        vector.Check(sent.Count == events.Length, $"expected {events.Length} events on the wire, were {sent.Count}");
        var wire = sent.Count > 0 ? sent[0] : default(JsonElement?);
        vector.CheckSubset("wire", wire);
        if (vector.Expected.Take("wire_event_ids") is { } ids)
        {
            vector.CheckEqual(ids, JsonMatch.ToJson(sent.Select(e => e.GetProperty("event_id"))), "wire_event_ids");
        }

        foreach (var text in vector.Expected.Texts("wire_must_not_contain"))
        {
            vector.Check(!sent.Any(e => e.GetRawText().Contains(text, StringComparison.Ordinal)), $"wire_must_not_contain: {text}");
        }

        foreach (var path in vector.Expected.Texts("wire_absent"))
        {
            vector.Check(wire is { } found && JsonMatch.At(found, path) is null, $"wire_absent: {path} is there");
        }
    }
}
