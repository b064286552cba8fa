using System.Net.Http.Json;
using Thoth.Interception;

namespace Extending.Sinks;

internal sealed class WebhookSink(HttpClient client) : IEventSink
{
    public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        // The list is reused for the next batch, so what is kept beyond the call must be copied.
        var records = events.Select(e => new
        {
            Id = e.EventId,
            At = e.OccurredAt,
            Tool = e.ToolName,
            Phase = e.Phase.ToString(),
            Decision = e.Decision?.Type.ToString(),
            Session = e.Request.Context.SessionId,
        }).ToArray();

        using var response = await client.PostAsJsonAsync("events", records, cancellationToken);

        // The exception says that no event of the batch is accepted. They are counted as dropped.
        response.EnsureSuccessStatusCode();
    }
}
