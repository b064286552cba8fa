using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AspNetCore.Tests.Support;

namespace Thoth.Interception.AspNetCore.Tests.Controllers;

public class ControllerTests
{
    [Test]
    public async Task HeldCallOfAController_Is202AndRunsOnceApproved()
    {
        await using var host = await StartAsync();

        using var held = await host.PostAsync("/orders/A-1/refund?amount=250", conversation: "chat");
        var id = held.Headers.Location!.OriginalString.Split('/')[^1];
        await host.ApproveAsync(id);
        using var run = await host.PostAsync("/orders/A-1/refund?amount=250", conversation: "chat", held: id);

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(held.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(held.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(run.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await run.Content.ReadAsStringAsync(), Is.EqualTo("refund A-1"));
            Assert.That(host.Runs.Single().User, Is.EqualTo("alice"));
        });
    }

    [Test]
    public async Task StreamOfAController_HasTheSession()
    {
        await using var host = await StartAsync();

        using var response = await host.GetAsync("/orders/A-1/parts", conversation: "chat");

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("""["refund_parts A-1/1","refund_parts A-1/2"]"""));
            Assert.That((await host.SessionAsync(conversation: "chat")).ToolCalls, Is.EqualTo((string[])["refund_parts"]));
        });
    }

    internal static Task<WebHost> StartAsync() => WebHost.StartAsync(
        app =>
        {
            WebHost.MapDefault(app);
            app.MapControllers();
        },
        builder => builder.Services.AddControllers().AddApplicationPart(typeof(OrdersController).Assembly));
}

[ApiController, Route("orders/{order}")]
public class OrdersController(IShopTools shop) : ControllerBase
{
    [HttpPost("refund")]
    public async Task<string> Refund(string order, int amount) => await shop.RefundAsync(order, amount);

    [HttpGet("parts")]
    public IAsyncEnumerable<string> Parts(string order) => shop.RefundParts(order, 1);
}
