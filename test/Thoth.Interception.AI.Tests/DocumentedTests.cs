using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests;

/// <summary>What docs/agents.md says of the texts that a model reads, and of limits.</summary>
[TestFixture]
public class DocumentedTests
{
    [Test]
    public async Task Texts_ThatTheModelReads_StandInTheDocs([Values("delete_order", "report", "refund", "denied", "down", "host")] string what)
    {
        await using var host = new ShopHost();
        using var session = host.Get<IThothSessions>().Start();
        host.Enforcer.Decide = request => what switch
        {
            "delete_order" => TestEnforcer.Block("Orders are never deleted.") with { MatchedRuleIds = ["no-deletes"] },
            "report" => new() { Type = DecisionType.Defer, DeferTimeout = TimeSpan.FromSeconds(30) },
            "down" => throw new HttpRequestException("down"),
            _ => host.Enforcer.Hold("A person approves refunds above 100."),
        };
        var tool = what is "delete_order" or "report" ? what : "refund";
        var model = new ScriptedModel(Calls(Call("c1", tool)));
        var chat = new Conversation(
            host.Client(model, options => options.WhenHeld = what == "refund" ? HeldFunctionMode.Tell : HeldFunctionMode.Ask), streaming: false,
            new() { Tools = [new PlainFunction(tool == "delete_order" ? "delete_order" : tool, static _ => Task.FromResult("ran"))] });
        if (tool is "delete_order" or "refund")
        {
            model = new ScriptedModel(Calls(Call("c1", tool, ("order", "A-1"), ("pin", "1"))));
            chat = new Conversation(
                host.Client(model, options => options.WhenHeld = what == "refund" ? HeldFunctionMode.Tell : HeldFunctionMode.Ask), streaming: false,
                new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] });
        }

        var requests = (await chat.SendAsync()).Requests();
        if (requests.Length > 0)
        {
            await host.Get<IThothHolds>().ResolveAsync((await host.Get<IThothHolds>().ListAsync()).Single(), ApprovalAnswer.Deny("ada", "too much"));
            await chat.SendAsync(requests[0].CreateResponse(approved: what == "denied"));
        }

        var text = model.Prompts[^1].SelectMany(static message => message.Contents).OfType<FunctionResultContent>().Single().Result!.ToString()!;
        Assert.That(Docs(), Does.Contain(what == "denied" ? text.Replace("ada said no", "too much", StringComparison.Ordinal) : text));
    }

    [Test]
    public async Task Function_NamedAsAGovernedTool_IsDecidedAsThatTool_WithItsArgumentsOnly([Values] bool streaming)
    {
        await using var host = new ShopHost();
        IReadOnlyDictionary<string, object?>? ran = null;
        var function = new PlainFunction("refund", arguments =>
        {
            ran = arguments;
            return Task.FromResult("ran");
        });
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"), ("to", "elsewhere"))));
        await new Conversation(host.Client(model), streaming, new() { Tools = [function] }).SendAsync();
        Assert.That(System.Text.Encoding.UTF8.GetString(host.Enforcer.Requests.Single().Arguments.Span), Is.EqualTo("""{"order":"A-1","amount":10}"""));
        Assert.That(ran!.Keys, Is.EquivalentTo(["order", "amount"]), "nothing that the enforcer did not see");
    }

    [Test]
    public async Task WrappedTool_CannotBecomeAFunction()
    {
        await using var host = new ShopHost();
        var wrapped = host.Get<IToolGovernor>().WrapTool("refund", (string order, decimal amount) => host.Tools.RefundAsync(order, amount));
        Assert.That(() => AIFunctionFactory.Create(wrapped, "refund"), Throws.ArgumentException);
    }

    [Test]
    public async Task Middleware_OfAnAgent_RunsAfterTheDecision([Values] bool streaming, [Values] bool blocked, [Values] bool changes)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request => blocked ? TestEnforcer.Block("no") : TestEnforcer.Allow;
        var seen = 0;
        var agent = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 7)))).AsBuilder().UseThoth()
            .BuildAIAgent(
                new ChatClientAgentOptions { Name = "a", DisableApprovalNotRequiredFunctionBypassing = true, ChatOptions = new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] } },
                services: host.Services)
            .AsBuilder().UseThoth().Use((_, context, next, token) =>
            {
                seen++;
                if (changes)
                {
                    context.Arguments["amount"] = 70000m;
                }

                return next(context, token);
            }).Build(host.Services);
        var session = await agent.CreateSessionAsync();
        _ = streaming
            ? await agent.RunStreamingAsync("Refund.", session).ToAgentResponseAsync()
            : await agent.RunAsync("Refund.", session);
        Assert.That(seen, Is.EqualTo(blocked ? 0 : 1));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(changes && !blocked ? 2 : 1), "what it changes for a governed interface is decided again");
        Assert.That(host.Tools.Runs, Is.EqualTo(blocked ? [] : changes ? ["refund A-1 70000"] : new[] { "refund A-1 7" }));
    }

    [Test]
    public async Task AgentThatExists_DoesNotRefuseHostedTools()
    {
        await using var host = new ShopHost();
        var model = new ScriptedModel();
        var agent = new ChatClientAgent(model, tools: [new HostedWebSearchTool()]).AsBuilder().UseThoth().Build(host.Services);
        await agent.RunAsync("Search.", await agent.CreateSessionAsync());
        Assert.That(model.Prompts, Has.Count.EqualTo(1));
    }

    private static string Docs()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "docs", "agents.md")))
            {
                return File.ReadAllText(Path.Combine(folder.FullName, "docs", "agents.md"));
            }
        }

        throw new FileNotFoundException("docs/agents.md");
    }
}
