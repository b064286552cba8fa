using System.Text.Json;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests.AgentFramework;

/// <summary>Agents that are made anew for each request, other processes, and the framework's own approval beside ours.</summary>
[TestFixture]
public class MoreAgentTests
{
    [Test]
    public async Task Agent_MadeForEachRequest_KeepsTheConversation([Values] bool streaming, [Values] bool named)
    {
        await using var host = new ShopHost();
        var model = new ScriptedModel(Calls(Call("c1", "read_order", ("order", "A-1"))), Says("1"), Calls(Call("c2", "read_order", ("order", "A-2"))));
        JsonElement? state = null;
        for (var request = 0; request < 2; request++)
        {
            var agent = Agent(host, model, named ? "support" : null);
            var session = state is { } json ? await agent.DeserializeSessionAsync(json) : await agent.CreateSessionAsync();
            await RunAsync(agent, streaming, session, new TextContent("Read."));
            state = await agent.SerializeSessionAsync(session);
        }

        Assert.That(host.Enforcer.Requests.Select(static request => request.SessionToolCalls.Count), Is.EqualTo([1, 2]));
        Assert.That(host.Enforcer.Requests.Select(static request => request.Context.AgentId), Is.All.EqualTo(named ? "support" : "agent"));
    }

    [Test]
    public async Task Session_ThroughJson_InAnotherProcess_ResumesTheHeldCall([Values] bool streaming, [Values] bool approve, [Values] bool hostSaysYes)
    {
        var store = new SharedHeldCallStore();
        var enforcer = new TestEnforcer();
        enforcer.Decide = _ => enforcer.Hold();
        string state;
        string answer;
        await using (var first = new ShopHost(thoth => thoth.UseEnforcer(enforcer), services => services.AddSingleton<IHeldCallStore>(store)))
        {
            var agent = Agent(first, new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 7)))), "support");
            var session = await agent.CreateSessionAsync();
            var response = await RunAsync(agent, streaming, session, new TextContent("Refund."));
            var request = response.Messages.SelectMany(static message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
            answer = JsonSerializer.Serialize<AIContent>(request.CreateResponse(hostSaysYes), AIJsonUtilities.DefaultOptions);
            state = JsonSerializer.Serialize(await agent.SerializeSessionAsync(session));
        }

        enforcer.Answer("hold-1", approve);
        await using var second = new ShopHost(thoth => thoth.UseEnforcer(enforcer), services => services.AddSingleton<IHeldCallStore>(store));
        var model = new ScriptedModel();
        var other = Agent(second, model, "support");
        var restored = await other.DeserializeSessionAsync(JsonDocument.Parse(state).RootElement);
        await RunAsync(other, streaming, restored, JsonSerializer.Deserialize<AIContent>(answer, AIJsonUtilities.DefaultOptions)!);
        await RunAsync(other, streaming, restored, new TextContent("Thanks."));

        Assert.That(second.Tools.Runs, Is.EqualTo(approve && hostSaysYes ? ["refund A-1 7"] : Array.Empty<string>()));
        Assert.That(enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(model.Prompts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Request_WithoutAnAnswer_DoesNotStopAnAgent([Values] bool streaming)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request => request.ToolName == "refund" ? host.Enforcer.Hold() : TestEnforcer.Allow;
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"))));
        var agent = Agent(host, model, "support");
        var session = await agent.CreateSessionAsync();
        var first = await RunAsync(agent, streaming, session, new TextContent("Refund."));
        Assert.That((await RunAsync(agent, streaming, session, new TextContent("And?"))).Text, Is.EqualTo("done"));
        var held = (await host.Get<IThothHolds>().ListAllAsync()).Single();
        Assert.That(await host.Get<IThothHolds>().PeekAsync(held), Is.EqualTo(HeldCallState.Pending), "the framework's own no is no denial");
        host.Enforcer.Answer("hold-1", approve: true);
        var request = first.Messages.SelectMany(static message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        await RunAsync(agent, streaming, session, request.CreateResponse(approved: true));
        Assert.That(host.Tools.Runs, Has.Count.EqualTo(1));
        Assert.That((await RunAsync(agent, streaming, session, new TextContent("Thanks."))).Text, Is.EqualTo("done"));
    }

    /// <summary>The framework's rules approve every request at once. Only the enforcer's hold lets a call run.</summary>
    [Test]
    public async Task UseToolApproval_ThatApprovesEverything_RunsNothingThatIsHeld([Values] bool streaming, [Values] bool approved, [Values] bool outside)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request =>
        {
            if (request.ToolName != "refund")
            {
                return TestEnforcer.Allow;
            }

            var hold = host.Enforcer.Hold();
            if (approved)
            {
                host.Enforcer.Answer(hold.HoldToken!, approve: true);
            }

            return hold;
        };
        var model = new ScriptedModel(Calls(Call("c0", "read_order", ("order", "A-1")), Call("c1", "refund", ("order", "A-1"), ("amount", 7))));
        var rules = new ToolApprovalAgentOptions { AutoApprovalRules = [ToolApprovalAgent.AllToolsAutoApprovalRule] };
        var agent = outside
            ? Agent(host, model, "support").AsBuilder().UseToolApproval(rules).Build(host.Services)
            : Chat(host, model, "support").AsBuilder().UseThoth().UseToolApproval(rules).Build(host.Services);
        var response = await RunAsync(agent, streaming, await agent.CreateSessionAsync(), new TextContent("Refund."));

        Assert.That(response.Text, Is.EqualTo("done"));
        Assert.That(host.Tools.Runs, Is.EqualTo(approved ? ["read A-1", "refund A-1 7"] : new[] { "read A-1" }));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
    }

    /// <summary>The way for a service that keeps the history: the framework holds the whole batch, and each call is decided when it runs.</summary>
    [Test]
    public async Task UseToolApproval_WithAServiceThatKeepsTheHistory_IsDecidedWhenItRuns([Values] bool streaming)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = static request => request.ToolName == "refund" ? TestEnforcer.Block("No refunds.") : TestEnforcer.Allow;
        var model = new ServiceModel(Calls(Call("c0", "read_order", ("order", "A-1")), Call("c1", "refund", ("order", "A-1"))));
        var functions = host.Services.GetGovernedFunctions<IShopTools>().Select(static function => new ApprovalRequiredAIFunction(function));
        var agent = model.AsBuilder().UseThoth()
            .BuildAIAgent(
                new ChatClientAgentOptions { Name = "support", DisableApprovalNotRequiredFunctionBypassing = true, ChatOptions = new() { Tools = [.. functions] } },
                services: host.Services)
            .AsBuilder().UseToolApproval().UseThoth().Build(host.Services);
        var session = await agent.CreateSessionAsync();
        var response = await RunAsync(agent, streaming, session, new TextContent("Refund."));
        Assert.That(host.Enforcer.Requests, Is.Empty);
        for (var answers = 0; answers < 2; answers++)
        {
            var request = response.Messages.SelectMany(static message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
            response = await RunAsync(agent, streaming, session, request.CreateResponse(approved: true));
        }

        Assert.That(host.Tools.Runs, Is.EqualTo(["read A-1"]));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
        Assert.That(response.Text, Is.EqualTo("done"));
    }

    /// <summary>Pitfall 1 under the host's authority: the framework takes the request away and approves it itself. That is no host's yes.</summary>
    [Test]
    public async Task FrameworksOwnYes_IsNotTheHosts([Values] bool streaming)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = _ => host.Enforcer.Hold();
        using var entered = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 7))));
        var agent = model.AsBuilder().UseThoth(static options => options.ApprovalAuthority = ApprovalAuthority.Host)
            .BuildAIAgent(new ChatClientAgentOptions { ChatOptions = new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] } }, services: host.Services);
        var session = await agent.CreateSessionAsync();
        await RunAsync(agent, streaming, session, new TextContent("Refund."));
        await RunAsync(agent, streaming, session, new TextContent("Go on."));
        Assert.That(host.Tools.Runs, Is.Empty);
        Assert.That(host.Enforcer.Polls, Is.GreaterThan(0), "the framework approved it");
    }

    [Test]
    public async Task Authority_OfTheHost_WorksInAnAgent([Values] bool streaming, [Values] bool approve, [Values] bool service)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = _ => host.Enforcer.Hold();
        var call = Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 7)));
        IChatClient model = service ? new ServiceModel(call) : new ScriptedModel(call);
        var agent = model.AsBuilder().UseThoth(static options => options.ApprovalAuthority = ApprovalAuthority.Host)
            .BuildAIAgent(
                new ChatClientAgentOptions { DisableApprovalNotRequiredFunctionBypassing = true, ChatOptions = new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] } },
                services: host.Services)
            .AsBuilder().UseThoth().Build(host.Services);
        var session = await agent.CreateSessionAsync();
        var first = await RunAsync(agent, streaming, session, new TextContent("Refund."));
        session = await agent.DeserializeSessionAsync(await agent.SerializeSessionAsync(session));
        await RunAsync(agent, streaming, session, first.Messages.SelectMany(static message => message.Contents).OfType<ToolApprovalRequestContent>().Single().CreateResponse(approve));
        Assert.That(host.Tools.Runs, Is.EqualTo(approve ? ["refund A-1 7"] : Array.Empty<string>()));
    }

    /// <summary>The framework stores each call to the model as if a service kept the history.</summary>
    [Test]
    public async Task History_StoredForEachCallOfTheModel_StaysValid([Values] bool streaming, [Values] bool batch)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request => request.ToolName == "refund" ? host.Enforcer.Hold() : TestEnforcer.Allow;
        var refund = Call("c1", "refund", ("order", "A-1"), ("amount", 7));
        var model = new ScriptedModel(batch ? Calls(Call("c0", "read_order", ("order", "A-1")), refund) : Calls(refund));
        var agent = model.AsBuilder().UseThoth()
            .BuildAIAgent(
                new ChatClientAgentOptions
                {
                    DisableApprovalNotRequiredFunctionBypassing = true,
                    RequirePerServiceCallChatHistoryPersistence = true,
                    ChatOptions = new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] },
                },
                services: host.Services)
            .AsBuilder().UseThoth().Build(host.Services);
        var session = await agent.CreateSessionAsync();
        var first = await RunAsync(agent, streaming, session, new TextContent("Refund."));
        host.Enforcer.Answer("hold-1", approve: true);
        var requests = first.Messages.SelectMany(static message => message.Contents).OfType<ToolApprovalRequestContent>().ToArray();
        TestContext.Out.WriteLine($"requests: {requests.Length}");
        await RunAsync(agent, streaming, session, requests.Length > 0 ? requests[0].CreateResponse(approved: true) : new TextContent("And?"));
        Assert.That((await RunAsync(agent, streaming, session, new TextContent("Thanks."))).Text, Is.EqualTo("done"));
        Assert.That(host.Tools.Runs.Count(static run => run.StartsWith("refund", StringComparison.Ordinal)), Is.EqualTo(requests.Length));
    }

    [Test]
    public async Task ContextProvider_ThatAddsAFunction_IsDecided([Values] bool streaming, [Values] bool blocked)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request => blocked ? TestEnforcer.Block("no") : TestEnforcer.Allow;
        var ran = 0;
        var provider = new ToolProvider(AIFunctionFactory.Create(() => Interlocked.Increment(ref ran), "provided"));
        var agent = new ScriptedModel(Calls(Call("c1", "provided"))).AsBuilder().UseThoth()
            .BuildAIAgent(new ChatClientAgentOptions { Name = "support", DisableApprovalNotRequiredFunctionBypassing = true, AIContextProviders = [provider] }, services: host.Services)
            .AsBuilder().UseThoth().Build(host.Services);
        await RunAsync(agent, streaming, await agent.CreateSessionAsync(), new TextContent("Work."));
        Assert.That(host.Enforcer.Requests.Single().ToolName, Is.EqualTo("provided"));
        Assert.That(ran, Is.EqualTo(blocked ? 0 : 1));
    }

    private static AIAgent Chat(ShopHost host, IChatClient model, string? name) => model.AsBuilder().UseThoth()
        .BuildAIAgent(
            new ChatClientAgentOptions
            {
                Name = name,
                DisableApprovalNotRequiredFunctionBypassing = true,
                ChatOptions = new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] },
            },
            services: host.Services);

    private static AIAgent Agent(ShopHost host, IChatClient model, string? name) => Chat(host, model, name).AsBuilder().UseThoth().Build(host.Services);

    private static Task<AgentResponse> RunAsync(AIAgent agent, bool streaming, AgentSession session, params AIContent[] contents)
    {
        ChatMessage message = new(ChatRole.User, contents);
        return streaming ? agent.RunStreamingAsync(message, session).ToAgentResponseAsync() : agent.RunAsync(message, session);
    }

    private sealed class ToolProvider(AITool tool) : Microsoft.Agents.AI.AIContextProvider
    {
        protected override ValueTask<Microsoft.Agents.AI.AIContext> ProvideAIContextAsync(InvokingContext context, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new Microsoft.Agents.AI.AIContext { Tools = [tool] });
    }
}
