using System.Text.Json;
using Thoth.Conformance.Clients;
using Thoth.Interception;

namespace Thoth.Conformance.Library;

/// <summary>
/// Kind <c>event</c>, delivery form: what becomes of events. One event comes from one observed call of a tool that fails,
/// with events about failures turned off.
/// </summary>
internal static class EventDeliveryVectors
{
    public static async Task RunAsync(Vector vector)
    {
        var input = vector.Input;
        var configure = VectorOptions.Read(input.Object("config"));
        var setup = new VectorSetup
        {
            Mode = "observe",
            Configure = options =>
            {
                options.Events.EmitFailures = false;
                configure(options);
            },
        };
        var isRefused = EventVectors.IsRefused(input.Take("ingest"));
        await using var host = await VectorHost.StartAsync(await VectorServers.StartAsync(vector), setup, isRefused);

        // The event that tells of the start is not counted.
        await host.Events.FlushAsync();
        var (before, attempts, statistics) = (host.Server.Events.Count, setup.Requests.Events, host.Events.Statistics);
        var isAnswered = isRefused || EventVectors.Ingest(host, input.Take("ingest"));
        var facts = await EmitAsync(host, input, isAnswered);
        Check(
            vector, facts with { Attempts = setup.Requests.Events - attempts }, [.. host.Server.Events.Skip(before)], statistics,
            host.Events.Statistics);
    }

    private static async Task<Facts> EmitAsync(VectorHost host, StrictJson input, bool isAnswered)
    {
        var emitting = await TimeAsync(() => EmitAsync(host, input.Count("emit") ?? 0));
        var then = input.Text("then");
        if (then is null)
        {
            await (isAnswered ? host.Events.FlushAsync() : Task.CompletedTask);
            return new Facts(emitting, TimeSpan.Zero);
        }

        if (then != "close")
        {
            throw new ConformanceException($"The runner does not know what '{then}' is.");
        }

        var closing = await TimeAsync(() => ((IAsyncDisposable)host.Events).DisposeAsync().AsTask());
        await EmitAsync(host, input.Count("emit_after_close") ?? 0);
        return new Facts(emitting, closing);
    }

    private static async Task EmitAsync(VectorHost host, int count)
    {
        var tool = new VectorTool([]) { Failure = new InvalidOperationException() };
        for (var i = 0; i < count; i++)
        {
            var outcome = await host.CallAsync("tool", tool);
            if (!ReferenceEquals(outcome.Exception, tool.Failure))
            {
                throw new ConformanceException($"Recording an event threw: {outcome.Exception}");
            }
        }
    }

    private static void Check(
        Vector vector, Facts facts, IReadOnlyList<RecordedRequest> requests, EventStatistics before, EventStatistics after)
    {
        var expected = vector.Expected;
        var dropped = after.Dropped - before.Dropped;
        vector.CheckCount("delivered", after.Sent - before.Sent);
        vector.CheckCount("dropped", dropped);
        vector.CheckAtLeast("dropped_min", dropped);
        vector.CheckCount("pending", after.Waiting);
        vector.CheckCount("retried", after.Retried - before.Retried);
        vector.CheckCount("requests", facts.Attempts);
        vector.CheckAtLeast("requests_min", facts.Attempts);
        vector.CheckAtMost("requests_max", facts.Attempts);
        vector.CheckAtMost("emit_max_elapsed_ms", facts.Emitting.TotalMilliseconds);
        vector.CheckAtMost("close_max_elapsed_ms", facts.Closing.TotalMilliseconds);

        // Whatever throws ends the case before.
        vector.Check(expected.Flag("throws") != true, "throws: nothing did");
        if (expected.Flag("same_event_ids") is { } same)
        {
            var ids = requests.Select(IdsIn).Distinct().Count();
            vector.Check(requests.Count > 0 && ids == 1 == same, $"same_event_ids: {ids} different lists of ids in {requests.Count} requests");
        }

        if (expected.Object("request") is { } request)
        {
            vector.Check(requests.Count > 0, "request: there was none");
            foreach (var sent in requests)
            {
                CheckRequest(vector, request, sent);
            }
        }
    }

    private static void CheckRequest(Vector vector, StrictJson expected, RecordedRequest sent)
    {
        vector.Check(expected.Text("method") is not { } method || method == sent.Method, $"method: was {sent.Method}");
        vector.Check(expected.Text("path") is not { } path || path == sent.RawPath, $"path: was {sent.RawPath}");
        RequestVectors.CheckHeaders(expected, vector, sent);
        if (expected.Text("body_type") is { } type)
        {
            vector.Check($"{sent.Json.ValueKind}".Equals(type, StringComparison.OrdinalIgnoreCase), $"body_type: was {sent.Json.ValueKind}");
        }

        JsonElement[] items = sent.Json.ValueKind == JsonValueKind.Array ? [.. sent.Json.EnumerateArray()] : [];
        vector.Check(expected.Count("max_items") is not { } most || items.Length <= most, $"max_items: were {items.Length}");
        foreach (var key in expected.Texts("item_keys_include"))
        {
            vector.Check(items.Length > 0 && Array.TrueForAll(items, item => JsonMatch.Member(item, key) is not null), $"item_keys_include: {key} is missing");
        }
    }

    private static string IdsIn(RecordedRequest request) =>
        string.Join(' ', request.Json.EnumerateArray().Select(e => e.GetProperty("event_id").GetString()));

    private static async Task<TimeSpan> TimeAsync(Func<Task> action)
    {
        var start = TimeProvider.System.GetTimestamp();
        await action();
        return TimeProvider.System.GetElapsedTime(start);
    }

    private sealed record Facts(TimeSpan Emitting, TimeSpan Closing)
    {
        public int Attempts { get; init; }
    }
}
