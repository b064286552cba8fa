using System.Net;
using Extending;
using Extending.Outbox;
using Extending.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Samples.Extending;

/// <summary>Runs the sink, the outbox and the HTTP handler of docs/extending.md.</summary>
public class EventExampleTests
{
    [Test]
    public async Task Webhook_Accepts_CountsSent()
    {
        var hook = new StubHandler(() => new HttpResponseMessage(HttpStatusCode.Accepted));
        await using var host = Host(thoth => thoth.AddEventSink(_ => new WebhookSink(hook.Client())));

        host.Get<IRefundTools>().FindOrder("A-1001");

        var counts = await CountsAsync(host, nameof(WebhookSink));
        Assert.That((counts.Sent, counts.Dropped), Is.EqualTo((2L, 0L)));
        Assert.That(hook.Received.Single().Body, Does.Contain("\"tool\":\"find_order\",\"phase\":\"Post\",\"decision\":\"Allow\""));
    }

    [Test]
    public async Task Webhook_Refuses_CountsDropped()
    {
        var hook = new StubHandler(() => new HttpResponseMessage(HttpStatusCode.InternalServerError));
        await using var host = Host(thoth => thoth.AddEventSink(_ => new WebhookSink(hook.Client())));

        host.Get<IRefundTools>().FindOrder("A-1001");

        var counts = await CountsAsync(host, nameof(WebhookSink));
        Assert.That((counts.Sent, counts.Dropped), Is.EqualTo((0L, 2L)));
    }

    [TestCase(true, TestName = "Outbox_ApiAccepts_SendsEveryEventThroughTheHandler")]
    [TestCase(false, TestName = "Handler_WithoutOutbox_SeesEveryBatch")]
    public async Task Api_Accepts_SendsEveryEventThroughTheHandler(bool usesOutbox)
    {
        var api = new StubHandler(() => new HttpResponseMessage(HttpStatusCode.Accepted));
        await using var host = GovernedHost.Create(services =>
        {
            Registrations.AddHandler(services);
            services.AddSingleton<IRefundTools>(new RefundTools());
            var thoth = services.AddThoth(options => (options.ApiUrl, options.ApiKey) = ("https://stub.example", "key"))
                .ConfigureHttpClientBuilder(http => http.ConfigurePrimaryHttpMessageHandler(() => api))
                .AddGovernedTools<IRefundTools>();
            if (usesOutbox)
            {
                thoth.UseMemoryOutbox();
            }
        });

        host.Get<IRefundTools>().FindOrder("A-1001");

        var counts = await CountsAsync(host, "HttpEventSink");
        Assert.That((counts.Waiting, counts.Dropped), Is.EqualTo((0L, 0L)));
        var headers = api.Received.Select(received => received.Request.Headers).ToList();
        Assert.That(headers, Is.Not.Empty);
        Assert.That(headers.All(header => header.Contains("X-Correlation-Id") && header.Contains("X-Team")), Is.True);
        Assert.That(string.Concat(api.Received.Select(received => received.Body)), Does.Contain("find_order"));
    }

    private static GovernedHost Host(Action<IThothBuilder> add) => GovernedHost.Create(services =>
    {
        services.AddSingleton<IRefundTools>(new RefundTools());
        add(services.AddThoth().AddGovernedTools<IRefundTools>());
    });

    private static async Task<EventStatistics> CountsAsync(GovernedHost host, string sink)
    {
        var events = host.Get<IEventPipeline>();
        await events.FlushAsync();
        return events.StatisticsBySink[sink];
    }
}
