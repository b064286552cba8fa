using System.Net;
using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.AspNetCore.Tests.Support;

namespace Thoth.Interception.AspNetCore.Tests.Holds;

public class HeldCallEventsTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task Events_TellTheStateAtEachPollAndEndWithTheFinalOne()
    {
        await using var host = await StartAsync();
        var id = await host.HoldAsync();
        using var response = await host.GetAsync($"/holds/{id}/events");
        var parser = SseParser.Create(await response.Content.ReadAsStreamAsync());
        await using var events = parser.EnumerateAsync().GetAsyncEnumerator();

        Assert.That(await events.MoveNextAsync(), Is.True);
        var first = events.Current;
        var next = events.MoveNextAsync().AsTask();
        await ElapseAsync(host, TimeSpan.FromSeconds(4));
        var isEarly = next.IsCompleted;
        await MoveUntilAsync(host, next);
        var second = events.Current;
        await host.ApproveAsync(id);
        var last = second;
        while (last.Data.Contains("pending"))
        {
            // The clock may have woken the stream more than once before the approval.
            next = events.MoveNextAsync().AsTask();
            await MoveUntilAsync(host, next);
            last = events.Current;
        }

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
            Assert.That(first.EventType, Is.EqualTo("state"));
            Assert.That(first.Data, Does.Contain("\"state\":\"pending\"").And.Contain(id));
            Assert.That(isEarly, Is.False);
            Assert.That(second.Data, Is.EqualTo(first.Data));
            Assert.That(last.Data, Does.Contain("\"state\":\"approved\""));
            Assert.That(await events.MoveNextAsync(), Is.False);
            Assert.That(parser.LastEventId, Is.EqualTo("approved"));
        });
    }

    [Test]
    public async Task ServerThatStops_EndsTheStream_InsteadOfWaitingForIt()
    {
        await using var host = await StartAsync();
        var id = await host.HoldAsync();
        using var response = await host.GetAsync($"/holds/{id}/events");
        await using var stream = await response.Content.ReadAsStreamAsync();
        using var reader = new StreamReader(stream);
        Assert.That(await reader.ReadLineAsync(), Is.Not.Empty);

        var stopped = host.App.StopAsync();

        // A stream that the server cuts at the end of its patience throws here.
        Assert.That(await reader.ReadToEndAsync(), Does.Not.Contain("approved"));
        await stopped;
    }

    [Test]
    public async Task BrowserThatConnectsAgainAfterTheEnd_IsToldToStop()
    {
        await using var host = await StartAsync();
        var id = await host.HoldAsync();

        using var over = await host.SendAsync(HttpMethod.Get, $"/holds/{id}/events", headers: ("Last-Event-ID", "denied"));
        using var pending = await host.SendAsync(HttpMethod.Get, $"/holds/{id}/events", headers: ("Last-Event-ID", "pending"));
        using var unknown = await host.SendAsync(HttpMethod.Get, "/holds/abc/events", headers: ("Last-Event-ID", "denied"));

        Assert.Multiple(() =>
        {
            Assert.That(over.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
            Assert.That(pending.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        });
    }

    [Test]
    public async Task ClientThatGoes_EndsTheStream()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await StartAsync(app =>
        {
            app.Use(async (HttpContext context, RequestDelegate next) =>
            {
                await next(context);
                if (context.Request.Path.Value!.EndsWith("/events"))
                {
                    ended.SetResult();
                }
            });
            WebHost.MapDefault(app);
        });
        var id = await host.HoldAsync();
        var response = await host.GetAsync($"/holds/{id}/events");

        response.Dispose();

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private Task<WebHost> StartAsync(Action<WebApplication>? map = null) =>
        WebHost.StartAsync(map, builder => builder.Services.AddSingleton<TimeProvider>(_time));

    private async Task ElapseAsync(WebHost host, TimeSpan time)
    {
        _time.Advance(time);

        // A response of the same server comes after what the clock has woken.
        using var response = await host.GetAsync("/session");
    }

    private Task MoveUntilAsync(WebHost host, Task task) =>
        Eventually.TrueAsync(() => task.IsCompleted, "the next event comes", () => ElapseAsync(host, TimeSpan.FromMilliseconds(500)));
}
