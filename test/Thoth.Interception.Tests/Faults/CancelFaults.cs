using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Tests.Faults;

/// <summary>The caller gives up (contract §1.2.5, last row; §2.3): a cancellation, never an outage and never a verdict.</summary>
internal static class CancelFaults
{
    public static IEnumerable<Fault> All =>
    [
        new("cancelled before", FaultOutcome.Cancelled) { Before = caller => caller.Cancel() },
        new("cancelled while nobody answers", FaultOutcome.Cancelled) { Answers = [CancelThen(FaultAnswer.Never)] },
        new("cancelled while the body comes", FaultOutcome.Cancelled)
        {
            Answers =
            [
                new("half a body", async connection =>
                {
                    await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"decision\":\"ALLOW\"");
                    await connection.Caller.CancelAsync();
                    await connection.WaitAsync();
                }),
            ],
        },
        new("cancelled, then reset", FaultOutcome.Cancelled) { Answers = [CancelThen(new("reset", connection => connection.ResetAsync()))] },
        new("cancelled, then 503", FaultOutcome.Cancelled) { Answers = [CancelThen(FaultAnswer.Http(503, ""))] },
        new("cancelled, then ALLOW", FaultOutcome.Cancelled) { Answers = [CancelThen(FaultAnswer.Allow)] },
        new("cancelled after the answer", FaultOutcome.Cancelled)
        {
            Answers = [FaultAnswer.Allow, FaultAnswer.Http(503, ""), FaultAnswer.Http(429, ""), FaultAnswer.Http(403, "")],
            Build = builder => builder.ConfigureHttpClientBuilder(client => client.AddHttpMessageHandler(() => new CancelAfterAnswer())),
        },
        new("cancelled inside the tool", FaultOutcome.RunsIntoCancellation) { Inside = caller => caller.Cancel() },
        new("cancelled while held", FaultOutcome.Cancelled)
        {
            Answers = [FaultAnswer.Json("held", connection => $$"""{"decision":"STEP_UP","hold_token":{{connection.Asked("tool_name")}} }""")],
            Hold = new("cancel", async connection =>
            {
                await connection.Server.Callers[connection.Head.Split(' ')[1].Split('/')[^1]].CancelAsync();
                await connection.WaitAsync();
            }),
        },
    ];

    private static FaultAnswer CancelThen(FaultAnswer answer) => new(answer.Name, async connection =>
    {
        await connection.Caller.CancelAsync();
        await answer.WriteAsync(connection);
    });

    private sealed class CancelAfterAnswer : DelegatingHandler
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
