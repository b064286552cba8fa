using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AspNetCore.Tests.Support;
using WebTools.Grpc;

namespace Thoth.Interception.AspNetCore.Tests.Grpc;

public class GrpcTests
{
    private static readonly Metadata s_alice = new() { { "x-user", "alice" }, { "thoth-conversation", "chat" } };

    [Test]
    public async Task Calls_HaveTheSessionOfUserAndConversation()
    {
        await using var host = await StartAsync();
        using var channel = GrpcChannel.ForAddress(host.App.Urls.First());
        var client = new ShopService.ShopServiceClient(channel);

        var reply = await client.RefundAsync(new() { Order = "A-1", Amount = 50 }, s_alice);
        using var stream = client.RefundParts(new() { Order = "A-2", Amount = 50 }, s_alice);
        var parts = await stream.ResponseStream.ReadAllAsync().Select(part => part.Text).ToListAsync();

        Assert.Multiple(() =>
        {
            Assert.That(reply.Text, Is.EqualTo("refund A-1"));
            Assert.That(parts, Is.EqualTo((string[])["refund_parts A-2/1", "refund_parts A-2/2"]));
            Assert.That(host.Runs.Select(run => run.User), Is.All.EqualTo("alice"));
            Assert.That(host.Runs.Select(run => run.Session).Distinct().Count(), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task UnauthenticatedCall_IsUnauthenticated()
    {
        await using var host = await StartAsync();
        using var channel = GrpcChannel.ForAddress(host.App.Urls.First());
        var client = new ShopService.ShopServiceClient(channel);

        var exception = await Assert.ThrowsAsync<RpcException>(async () => await client.RefundAsync(new() { Order = "A-1", Amount = 50 }));

        Assert.That(exception!.StatusCode, Is.EqualTo(StatusCode.Unauthenticated));
    }

    [Test]
    public async Task HeldCall_IsToldAndRunsOnceItIsApprovedAndCalledAgain()
    {
        await using var host = await StartAsync();
        using var channel = GrpcChannel.ForAddress(host.App.Urls.First());
        var client = new ShopService.ShopServiceClient(channel);
        var request = new RefundRequest { Order = "SECRET-1", Amount = 250 };

        var unary = await Assert.ThrowsAsync<RpcException>(async () => await client.RefundAsync(request, s_alice));
        using var stream = client.RefundParts(request, s_alice);
        var streaming = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext());
        await host.ApproveAsync(unary!.Trailers.GetValue("thoth-held")!);
        var reply = await client.RefundAsync(request, [.. s_alice, new("thoth-held", unary.Trailers.GetValue("thoth-held")!)]);

        Assert.Multiple(() =>
        {
            Assert.That(unary.StatusCode, Is.EqualTo(StatusCode.FailedPrecondition));
            Assert.That(unary.Status.Detail, Does.Contain("need an approval").And.Not.Contain("SECRET-1"));
            Assert.That(streaming!.StatusCode, Is.EqualTo(StatusCode.FailedPrecondition));
            Assert.That(reply.Text, Is.EqualTo("refund SECRET-1"));
            Assert.That(host.Runs, Has.Count.EqualTo(1));
        });
    }

    private static Task<WebHost> StartAsync() => WebHost.StartAsync(
        app =>
        {
            WebHost.MapDefault(app);
            app.MapGrpcService<ShopOfGrpc>();
        },
        builder =>
        {
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
            builder.Services.AddGrpc(options => options.Interceptors.Add<RefusalInterceptor>());
        });

    private sealed class ShopOfGrpc(IShopTools shop) : ShopService.ShopServiceBase
    {
        public override async Task<RefundReply> Refund(RefundRequest request, ServerCallContext context) =>
            new() { Text = await shop.RefundAsync(request.Order, request.Amount) };

        public override async Task RefundParts(RefundRequest request, IServerStreamWriter<RefundReply> responseStream, ServerCallContext context)
        {
            await foreach (var part in shop.RefundParts(request.Order, request.Amount))
            {
                await responseStream.WriteAsync(new() { Text = part });
            }
        }
    }
}
