using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests;

/// <summary>Other clients above and below, and the traces of a call.</summary>
[TestFixture]
[NonParallelizable]
public class PipelineTests
{
    public enum Client
    {
        Logging,
        Caching,
        OpenTelemetry,
        Options,
        Reducing,
    }

    [Test]
    public async Task Clients_AboveAndBelow_LeaveApprovalsAlone([Values] Client client, [Values] bool above, [Values] bool streaming)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Call("c1", "read_order", ("order", "A-1")), Call("c2", "refund", ("order", "A-1"), ("amount", 7))));
        var builder = model.AsBuilder();
        builder = above ? With(builder, client).UseThoth() : With(builder.UseThoth(), client);
        var chat = Conversation.Of(host, builder.Build(host.Services), streaming);
        var request = (await chat.SendAsync()).Requests().Single();
        host.Enforcer.Answer("hold-1", approve: true);
        Assert.That((await chat.SendAsync(request.CreateResponse(approved: true))).Text, Is.EqualTo("done"));
        await chat.SendAsync(new TextContent("Thanks."));

        Assert.That(host.Tools.Runs, Is.EqualTo(["read A-1", "refund A-1 7"]));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Cache_ThatRepeatsAnApprovalRequest_RunsItsCallOnce([Values] bool streaming)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Call("c2", "refund", ("order", "A-1"), ("amount", 7))));
        var client = With(model.AsBuilder(), Client.Caching).UseThoth().Build(host.Services);
        for (var repeat = 0; repeat < 3; repeat++)
        {
            var chat = Conversation.Of(host, client, streaming);
            var request = (await chat.SendAsync()).Requests().Single();
            host.Enforcer.Answer("hold-1", approve: true);
            await chat.SendAsync(new TextContent($"{repeat}"), request.CreateResponse(approved: true));
        }

        Assert.That(host.Tools.Runs, Has.Count.EqualTo(1));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Cache_OfTheModel_DoesNotSkipADecision([Values] bool streaming)
    {
        await using var host = new ShopHost();
        var client = With(new ScriptedModel(Calls(Call("c1", "read_order", ("order", "A-1")))).AsBuilder().UseThoth(), Client.Caching).Build(host.Services);
        for (var repeat = 0; repeat < 3; repeat++)
        {
            await Conversation.Of(host, client, streaming).SendAsync();
        }

        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(3));
        Assert.That(host.Tools.Runs, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Call_IsOneSpan([Values] DecisionType decision, [Values] bool? telemetryAbove, [Values] bool streaming, [Values] bool overInterface)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = _ => decision switch
        {
            DecisionType.Block => TestEnforcer.Block("no"),
            DecisionType.Defer => TestEnforcer.Defer(TimeSpan.FromSeconds(30)),
            DecisionType.Modify => TestEnforcer.Modify("""{"order":"A-9","amount":3}"""),
            DecisionType.StepUp => host.Enforcer.Hold(),
            _ => TestEnforcer.Allow,
        };
        var spans = new ConcurrentQueue<Activity>();
        using var root = new Activity("test").Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.TraceId == root.TraceId)
                {
                    spans.Enqueue(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var builder = new ScriptedModel(Calls(Call("call-7", "refund", ("order", "A-1"), ("amount", 7)))).AsBuilder();
        builder = telemetryAbove switch
        {
            true => builder.UseOpenTelemetry(sourceName: "app").UseThoth(),
            false => builder.UseThoth().UseOpenTelemetry(sourceName: "app"),
            null => builder.UseThoth(),
        };
        var lambda = AIFunctionFactory.Create((string order, decimal amount) => host.Tools.RefundAsync(order, amount), "refund");
        await new Conversation(
            builder.Build(host.Services), streaming, new() { Tools = overInterface ? [.. host.Services.GetGovernedFunctions<IShopTools>()] : [lambda] }).SendAsync();

        var tool = spans.Where(static span => span.GetTagItem("gen_ai.operation.name") as string == "execute_tool" || span.DisplayName.StartsWith("execute_tool", StringComparison.Ordinal)).ToArray();
        Assert.That(tool, Has.Length.EqualTo(1), string.Join(", ", spans.Select(static span => $"{span.Source.Name}/{span.DisplayName}")));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tool[0].DisplayName, Is.EqualTo("execute_tool refund"));
            Assert.That(tool[0].GetTagItem("gen_ai.tool.call.id"), Is.EqualTo("call-7"));
            Assert.That(tool[0].GetTagItem("gen_ai.tool.name"), Is.EqualTo("refund"));
            Assert.That(tool[0].Status, Is.Not.EqualTo(ActivityStatusCode.Error));
            Assert.That(tool[0].GetTagItem("error.type"), Is.Null);
            Assert.That(tool[0].TagObjects.Select(static tag => tag.Key), Has.Some.StartsWith("thoth."));
        }
    }

    private static ChatClientBuilder With(ChatClientBuilder builder, Client client) => client switch
    {
        Client.Logging => builder.UseLogging(),
        Client.Caching => builder.UseDistributedCache(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()))),
        Client.OpenTelemetry => builder.UseOpenTelemetry(sourceName: "app", configure: static client => client.EnableSensitiveData = true),
        Client.Options => builder.ConfigureOptions(static options => options.Temperature = 0),
        _ => builder.Use(static (messages, options, next, token) => next([.. messages.TakeLast(10)], options, token)),
    };

    private static ShopHost HoldsRefunds()
    {
        var host = new ShopHost();
        host.Enforcer.Decide = request => request.ToolName == "refund" ? host.Enforcer.Hold() : TestEnforcer.Allow;
        return host;
    }
}
