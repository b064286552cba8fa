using System.Text.Json;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests.AgentFramework;

[TestFixture]
public class GovernedAgentTests
{
    [Test]
    public async Task Held_IsAskedAndResumed_ByASerializedSession([Values] bool streaming)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request => request.ToolName == "refund" ? host.Enforcer.Hold() : TestEnforcer.Allow;
        var model = new ScriptedModel(Calls(Call("c1", "read_order", ("order", "A-1")), Call("c2", "refund", ("order", "A-1"), ("amount", 7))));
        var agent = Agent(host, model);
        var session = await agent.CreateSessionAsync();
        var first = await RunAsync(agent, streaming, [new(ChatRole.User, "Refund it.")], session);
        var request = first.Messages.SelectMany(static message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        Assert.That(host.Tools.Runs, Is.EqualTo(["read A-1"]));

        var json = JsonSerializer.Serialize(await agent.SerializeSessionAsync(session));
        var response = JsonSerializer.Deserialize<AIContent>(
            JsonSerializer.Serialize<AIContent>(request.CreateResponse(approved: true), AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)!;
        host.Enforcer.Answer("hold-1", approve: true);
        using var document = JsonDocument.Parse(json);
        var restored = await agent.DeserializeSessionAsync(document.RootElement);
        var second = await RunAsync(agent, streaming, [new(ChatRole.User, [response])], restored);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Tools.Runs, Is.EqualTo(["read A-1", "refund A-1 7"]));
            Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
            Assert.That(host.Enforcer.Requests.Select(static asked => asked.Context.SessionId).Distinct().Count(), Is.EqualTo(1));
            Assert.That(host.Enforcer.Requests[0].Context.AgentId, Is.EqualTo("support"));
            Assert.That(second.Text, Is.EqualTo("done"));
        }
    }

    [Test]
    public async Task Sessions_OfTwoConversations_HaveHistoriesOfTheirOwn([Values] bool streaming)
    {
        await using var host = new ShopHost();
        var model = new ScriptedModel(
            Calls(Call("c1", "read_order", ("order", "A-1"))), Says("1"), Calls(Call("c1", "read_order", ("order", "A-2"))), Says("2"),
            Calls(Call("c2", "read_order", ("order", "A-3"))));
        var agent = Agent(host, model);
        var one = await agent.CreateSessionAsync();
        var two = await agent.CreateSessionAsync();
        foreach (var session in new[] { one, two, one })
        {
            await RunAsync(agent, streaming, [new(ChatRole.User, "Read.")], session);
        }

        Assert.That(host.Enforcer.Requests.Select(static request => request.SessionToolCalls.Count), Is.EqualTo([1, 1, 2]));
    }

    [Test]
    public async Task Session_ThatTheCallerEntered_IsTheRuns([Values] bool streaming)
    {
        await using var host = new ShopHost();
        var agent = Agent(host, new ScriptedModel(Calls(Call("c1", "read_order", ("order", "A-1")))));
        using (host.Get<IThothSessions>().GetOrStart("conversation-1").Enter())
        {
            await RunAsync(agent, streaming, [new(ChatRole.User, "Read.")], await agent.CreateSessionAsync());
        }

        Assert.That(host.Enforcer.Requests.Single().Context.SessionId, Is.EqualTo("conversation-1"));
    }

    [Test]
    public async Task Build_WhereTheFrameworkWouldApprove_IsRefused()
    {
        await using var host = new ShopHost();
        var agent = new ScriptedModel().AsBuilder().UseThoth().BuildAIAgent(name: "support", services: host.Services);

        Assert.That(
            () => agent.AsBuilder().UseThoth().Build(host.Services),
            Throws.InvalidOperationException.With.Message.Contains("DisableApprovalNotRequiredFunctionBypassing"));
    }

    /// <summary>Pins what the framework does with a request that it was not told of: it approves it itself. Nothing may run because of that.</summary>
    [Test]
    public async Task FrameworksOwnYes_RunsNothing([Values] bool streaming)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = _ => host.Enforcer.Hold();
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 7))));
        var agent = model.AsBuilder().UseThoth()
            .BuildAIAgent(new ChatClientAgentOptions { Name = "support", ChatOptions = new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] } }, services: host.Services);
        using var entered = host.Get<IThothSessions>().Start();
        var session = await agent.CreateSessionAsync();
        var first = await RunAsync(agent, streaming, [new(ChatRole.User, "Refund it.")], session);
        await RunAsync(agent, streaming, [new(ChatRole.User, "Go on.")], session);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Messages.SelectMany(static message => message.Contents).OfType<ToolApprovalRequestContent>(), Is.Empty, "the framework took it away");
            Assert.That(host.Enforcer.Polls, Is.EqualTo(1), "and approved it itself");
            Assert.That(host.Tools.Runs, Is.Empty);
        }
    }

    [Test]
    public async Task AgentThatExists_IsGovernedAsItIs([Values] bool streaming)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request => request.ToolName == "refund" ? TestEnforcer.Block("No refunds.") : TestEnforcer.Allow;
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"))), Calls(Call("c2", "read_order", ("order", "A-1"))));
        var existing = new ChatClientAgent(model, tools: [.. host.Services.GetGovernedFunctions<IShopTools>()]);
        var agent = existing.AsBuilder().UseThoth().Build(host.Services);
        await RunAsync(agent, streaming, [new(ChatRole.User, "Refund it.")], await agent.CreateSessionAsync());
        Assert.That(host.Tools.Runs, Is.EqualTo(["read A-1"]));

        existing.GetService<FunctionInvokingChatClient>()!.FunctionInvoker = null;
        Assert.That(async () => await RunAsync(agent, streaming, [new(ChatRole.User, "Again.")], null), Throws.InvalidOperationException);
        Assert.That(model.Prompts, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task ChatClientFactory_ThatLeadsAround_IsRefused([Values] bool streaming)
    {
        await using var host = new ShopHost();
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"))));
        var agent = Agent(host, new ScriptedModel());
        var options = new ChatClientAgentRunOptions { ChatClientFactory = _ => model.AsBuilder().UseFunctionInvocation().Build() };

        Assert.That(
            async () => await RunAsync(agent, streaming, [new(ChatRole.User, "Refund.")], await agent.CreateSessionAsync(), options),
            Throws.InvalidOperationException.With.Message.Contains("ChatClientFactory"));
        Assert.That(host.Tools.Runs, Is.Empty);
    }

    [Test]
    public async Task NestedAgent_IsToldInsteadOfAsked([Values] bool streaming)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request => request.ToolName == "refund" ? host.Enforcer.Hold() : TestEnforcer.Allow;
        var innerModel = new ScriptedModel(Calls(Call("i1", "refund", ("order", "A-1"))), Says("It is pending."));
        var inner = Agent(host, innerModel);
        var outerModel = new ScriptedModel(Calls(Call("o1", "helper", ("query", "Refund it."))));
        var outer = Agent(host, outerModel, inner.AsAIFunction(new() { Name = "helper" }));
        var response = await RunAsync(outer, streaming, [new(ChatRole.User, "Refund it.")], await outer.CreateSessionAsync());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Tools.Runs, Is.Empty);
            Assert.That(Results(innerModel.Prompts[^1]).Single(), Does.Contain("waits for a person's approval"));
            Assert.That(Results(outerModel.Prompts[^1]).Single(), Does.Contain("It is pending."));
            Assert.That(response.Text, Is.EqualTo("done"));
        }
    }

    private static IEnumerable<string?> Results(IEnumerable<ChatMessage> prompt) =>
        prompt.SelectMany(static message => message.Contents).OfType<FunctionResultContent>().Select(static result => result.Result?.ToString());

    private static AIAgent Agent(ShopHost host, IChatClient model, params AITool[] more) => model.AsBuilder().UseThoth()
        .BuildAIAgent(
            new ChatClientAgentOptions
            {
                Name = "support",
                DisableApprovalNotRequiredFunctionBypassing = true,
                ChatOptions = new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>(), .. more] },
            },
            services: host.Services)
        .AsBuilder().UseThoth().Build(host.Services);

    private static Task<AgentResponse> RunAsync(
        AIAgent agent, bool streaming, IEnumerable<ChatMessage> messages, AgentSession? session, AgentRunOptions? options = null) =>
        streaming
            ? agent.RunStreamingAsync(messages, session, options).ToAgentResponseAsync()
            : agent.RunAsync(messages, session, options);
}
