using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AspNetCore.Tests.Support;

namespace Thoth.Interception.AspNetCore.Tests.Hubs;

[TestFixture(HttpTransportType.WebSockets)]
[TestFixture(HttpTransportType.ServerSentEvents)]
[TestFixture(HttpTransportType.LongPolling)]
public class HubTests(HttpTransportType transport)
{
    [Test]
    public async Task Invocations_HaveTheSessionOfUserAndConversation()
    {
        await using var host = await StartAsync();
        await using var alice = await ConnectAsync(host, "alice", "chat");
        await using var bob = await ConnectAsync(host, "bob", "chat");

        await alice.InvokeAsync<string>("Read", "A-1");
        await alice.InvokeAsync<string>("Read", "A-2");
        await bob.InvokeAsync<string>("Read", "B-1");
        var session = await host.SessionAsync("alice", "chat");

        Assert.Multiple(() =>
        {
            Assert.That(host.Runs.Select(run => run.User), Is.EqualTo((string[])["alice", "alice", "bob"]));
            Assert.That(host.Runs.Take(2).Select(run => run.Session), Is.All.EqualTo(session.Id));
            Assert.That(session.ToolCalls, Is.EqualTo((string[])["read", "read"]));
        });
    }

    [Test]
    public async Task ConnectionWithoutAConversation_HasOneOfItsOwn()
    {
        await using var host = await StartAsync();
        await using var first = await ConnectAsync(host, "alice", null);
        await using var second = await ConnectAsync(host, "alice", null);

        await first.InvokeAsync<string>("Read", "A-1");
        await first.InvokeAsync<string>("Read", "A-2");
        await second.InvokeAsync<string>("Read", "A-3");
        var sessions = host.Runs.Select(run => run.Session).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(sessions[1], Is.EqualTo(sessions[0]));
            Assert.That(sessions[2], Is.Not.EqualTo(sessions[0]));
        });
    }

    [Test]
    public async Task NewConnectionOfAConversation_ContinuesIt()
    {
        await using var host = await StartAsync();
        await using (var first = await ConnectAsync(host, "alice", "chat"))
        {
            await first.InvokeAsync<string>("Read", "A-1");
        }

        await using var second = await ConnectAsync(host, "alice", "chat");
        await second.InvokeAsync<string>("Read", "A-2");

        Assert.That((await host.SessionAsync("alice", "chat")).ToolCalls, Is.EqualTo((string[])["read", "read"]));
    }

    [TestCase("Parts")]
    [TestCase("PartsLater")]
    [TestCase("PartsThroughAChannel")]
    public async Task Stream_HasTheSessionToo(string method)
    {
        await using var host = await StartAsync();
        await using var alice = await ConnectAsync(host, "alice", "chat");

        var parts = new List<string>();
        await foreach (var part in alice.StreamAsync<string>(method, "A-1"))
        {
            parts.Add(part);
        }

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(parts, Is.EqualTo((string[])["refund_parts A-1/1", "refund_parts A-1/2"]));
            Assert.That((await host.SessionAsync("alice", "chat")).ToolCalls, Is.EqualTo((string[])["refund_parts"]));
        });
    }

    [Test]
    public async Task HeldCall_IsToldAndRunsOnceItIsApprovedAndInvokedAgain()
    {
        await using var host = await StartAsync();
        await using var alice = await ConnectAsync(host, "alice", "chat");

        var held = await Assert.ThrowsAsync<HubException>(() => alice.InvokeAsync<string>("Refund", "SECRET-1", 250));
        var id = System.Text.RegularExpressions.Regex.Match(held!.Message, "held_id=([0-9a-f]+)").Groups[1].Value;
        await host.ApproveAsync(id);
        var result = await alice.InvokeAsync<string>("Refund", "SECRET-1", 250);

        Assert.Multiple(() =>
        {
            Assert.That(held.Message, Does.Contain("held: A person must approve the call. Refunds above 100 need an approval.").And.Not.Contain("SECRET-1"));
            Assert.That(result, Is.EqualTo("refund SECRET-1"));
            Assert.That(host.Runs, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task BlockedCall_IsToldInInvocationsAndStreams()
    {
        await using var host = await StartAsync();
        await using var alice = await ConnectAsync(host, "alice", "chat");

        var blocked = await Assert.ThrowsAsync<HubException>(() => alice.InvokeAsync("Wipe"));
        var stream = await Assert.ThrowsAsync<HubException>(async () => await alice.StreamAsync<string>("WipingParts").FirstAsync());
        var other = await Assert.ThrowsAsync<HubException>(() => alice.InvokeAsync("Fail"));

        Assert.Multiple(() =>
        {
            Assert.That(blocked!.Message, Does.Contain("blocked: Policy blocks the call. Nothing is wiped."));
            Assert.That(stream!.Message, Does.Contain("Nothing is wiped."));
            Assert.That(other!.Message, Does.Not.Contain("boom"));
        });
    }

    [Test]
    public async Task UnauthenticatedConnection_IsRefused()
    {
        await using var host = await StartAsync();

        await Assert.ThatAsync(() => ConnectAsync(host, null, "chat"), Throws.TypeOf<HttpRequestException>().With.Message.Contains("401"));
    }

    [Test]
    public async Task ClosedConnection_EndsTheWaitForAnApproval()
    {
        await using var host = await StartAsync(options => (options.StepUp.Mode, options.StepUp.PollInterval) = (StepUpMode.Wait, TimeSpan.FromMilliseconds(1)));
        var alice = await ConnectAsync(host, "alice", "chat");
        var order = $"A-{transport}";
        var call = alice.InvokeAsync<string>("Refund", order, 250);
        await Eventually.TrueAsync(() => HubOfShop.Entered.Contains(order), "the hub's method runs");

        await alice.DisposeAsync();
        await Eventually.TrueAsync(() => HubOfShop.Left.Contains(order), "the hub's method ends");

        Assert.Multiple(() =>
        {
            Assert.That(call.IsCompletedSuccessfully, Is.False);
            Assert.That(host.Runs, Is.Empty);
        });
    }

    private static Task<WebHost> StartAsync(Action<ThothOptions>? thoth = null) => WebHost.StartAsync(
        app =>
        {
            WebHost.MapDefault(app);
            app.MapHub<HubOfShop>("/hub");
        },
        builder => builder.Services.AddSignalR(),
        thoth);

    private async Task<HubConnection> ConnectAsync(WebHost host, string? user, string? conversation)
    {
        var connection = new HubConnectionBuilder().WithUrl($"{host.App.Urls.First()}/hub", transport, options =>
        {
            if (user is not null)
            {
                options.Headers.Add("X-User", user);
            }

            if (conversation is not null)
            {
                options.Headers.Add("Thoth-Conversation", conversation);
            }
        }).Build();
        await connection.StartAsync();
        return connection;
    }

    internal sealed class HubOfShop(IShopTools shop) : Hub
    {
        public static System.Collections.Concurrent.ConcurrentBag<string> Entered { get; } = [];

        public static System.Collections.Concurrent.ConcurrentBag<string> Left { get; } = [];

        public Task<string> Read(string order) => shop.ReadAsync(order);

        public async Task<string> Refund(string order, int amount)
        {
            Entered.Add(order);
            try
            {
                return await shop.RefundAsync(order, amount);
            }
            finally
            {
                Left.Add(order);
            }
        }

        public Task Wipe() => shop.WipeAsync();

        public Task Fail() => throw new InvalidOperationException("boom");

        public async IAsyncEnumerable<string> WipingParts()
        {
            await shop.WipeAsync();
            yield return "wiped";
        }

        public IAsyncEnumerable<string> Parts(string order) => shop.RefundParts(order, 1);

        public async Task<IAsyncEnumerable<string>> PartsLater(string order)
        {
            await Task.Yield();
            return shop.RefundParts(order, 1);
        }

        public ChannelReader<string> PartsThroughAChannel(string order)
        {
            var channel = Channel.CreateUnbounded<string>();
            _ = Task.Run(async () =>
            {
                await foreach (var part in shop.RefundParts(order, 1))
                {
                    channel.Writer.TryWrite(part);
                }

                channel.Writer.Complete();
            });
            return channel.Reader;
        }
    }
}
