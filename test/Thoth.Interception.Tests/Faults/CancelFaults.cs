using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Tests.Faults;

/// <summary>The caller gives up (contract §1.2.5, last row; §2.3): a cancellation, never an outage and never a verdict.</summary>
internal static class CancelFaults
{
    public static IEnumerable<Fault> All =>
    [
        new("cancelled before", FaultOutcome.Cancelled) { Before = caller => caller.Cancel() },
        new("cancelled before a response", FaultOutcome.Cancelled) { Responses = [CancelThen(FaultResponse.Never)] },
        new("cancelled while the body comes", FaultOutcome.Cancelled)
        {
            Responses =
            [
                new("half a body", async connection =>
                {
                    await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"decision\":\"ALLOW\"");
                    await connection.Caller.CancelAsync();
                    await connection.WaitAsync();
                }),
            ],
        },
        new("cancelled, then reset", FaultOutcome.Cancelled) { Responses = [CancelThen(new("reset", connection => connection.ResetAsync()))] },
        new("cancelled, then 503", FaultOutcome.Cancelled) { Responses = [CancelThen(FaultResponse.Http(503, ""))] },
        new("cancelled, then ALLOW", FaultOutcome.Cancelled) { Responses = [CancelThen(FaultResponse.Allow)] },
        new("cancelled after the response", FaultOutcome.Cancelled)
        {
            Responses = [FaultResponse.Allow, FaultResponse.Http(503, ""), FaultResponse.Http(429, ""), FaultResponse.Http(403, "")],
            Build = builder => builder.ConfigureHttpClientBuilder(client => client.AddHttpMessageHandler(() => new CancelAfterResponse())),
        },
        new("cancelled inside the tool", FaultOutcome.RunsIntoCancellation) { Inside = caller => caller.Cancel() },
        new("cancelled while held", FaultOutcome.Cancelled)
        {
            Responses = [FaultResponse.Json("held", connection => $$"""{"decision":"STEP_UP","hold_token":{{connection.Asked("tool_name")}} }""")],
            Hold = new("cancel", async connection =>
            {
                await connection.Server.Callers[connection.Head.Split(' ')[1].Split('/')[^1]].CancelAsync();
                await connection.WaitAsync();
            }),
        },
    ];

    private static FaultResponse CancelThen(FaultResponse response) => new(response.Name, async connection =>
    {
        await connection.Caller.CancelAsync();
        await response.WriteAsync(connection);
    });

    private sealed class CancelAfterResponse : DelegatingHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = base.Send(request, cancellationToken);
            FaultHost.Caller.Cancel();
            return response;
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            await FaultHost.Caller.CancelAsync();
            return response;
        }
    }
}
