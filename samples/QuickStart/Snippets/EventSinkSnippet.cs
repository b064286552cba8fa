using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception;

namespace QuickStart.Snippets;

/// <summary>README: an event sink.</summary>
internal static class EventSinkSnippet
{
    public static void Use(IServiceCollection services)
    {
        // snippet: use-event-sink
        services.AddThoth().AddEventSink<AuditFileSink>();
        // end-snippet
    }
}

// snippet: event-sink
internal sealed class AuditFileSink : IEventSink
{
    // Returning means that the whole batch is accepted; an exception means that none of it is.
    public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken) =>
        await File.AppendAllLinesAsync(
            "audit.log",
            events.Select(e => $"{e.OccurredAt:O} {e.EventId} {e.ToolName} {e.Phase} {e.Decision}"),
            cancellationToken);
}
// end-snippet
