using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Thoth.Interception.LoadTests;

/// <summary>
/// An enforcer that allows everything, as cheaply as a server can, in a process of its own. Below <c>/slow</c> it takes 50 ms
/// to decide, below <c>/stuck</c> it never takes an event. It keeps the last bodies, so that the bare client can post the same bytes.
/// </summary>
internal static class EnforcerServer
{
    private static readonly byte[] s_allow = """{"decision":"ALLOW","authorization_decision":"ALLOW","decision_reason_code":"allowed","matched_rule_ids":["load"],"risk_score":1.5}"""u8.ToArray();
    private static byte[] s_lastEnforce = [];
    private static byte[] s_lastEvents = [];
    private static long s_enforced;
    private static long s_events;

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(HandleAsync);
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());

        // The parent closes the pipe when it ends, however it ends.
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }

    private static async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.EndsWith("/v1/enforce", StringComparison.Ordinal))
        {
            s_lastEnforce = await BodyAsync(context);
            Interlocked.Increment(ref s_enforced);
            if (path.StartsWith("/slow/", StringComparison.Ordinal))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }

            context.Response.ContentType = "application/json";
            context.Response.ContentLength = s_allow.Length;
            await context.Response.Body.WriteAsync(s_allow);
        }
        else if (path.EndsWith("/v1/events/batch", StringComparison.Ordinal))
        {
            var body = await BodyAsync(context);
            using var events = JsonDocument.Parse(body);
            var count = events.RootElement.GetArrayLength();
            if (path.StartsWith("/stuck/", StringComparison.Ordinal))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }

            Interlocked.Add(ref s_events, count);
            if (count == 10)
            {
                s_lastEvents = body;
            }

            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else
        {
            await (path switch
            {
                "/last-enforce" => context.Response.Body.WriteAsync(s_lastEnforce).AsTask(),
                "/last-events" => context.Response.Body.WriteAsync(s_lastEvents).AsTask(),
                _ => context.Response.WriteAsync($"{Interlocked.Read(ref s_enforced)} {Interlocked.Read(ref s_events)}"),
            });
        }
    }

    private static async Task<byte[]> BodyAsync(HttpContext context)
    {
        var body = new byte[context.Request.ContentLength ?? 0];
        await context.Request.Body.ReadExactlyAsync(body);
        return body;
    }
}
