using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests;

[TestFixture]
public class NothingAroundItTests
{
    private static readonly ChatMessage s_user = new(ChatRole.User, "Help me.");

    [Test]
    public async Task Functions_OfEverySource_AreDecided([Values] bool streaming)
    {
        await using var host = new ShopHost();
        var ran = new List<string>();
        var added = AIFunctionFactory.Create(() => ran.Add("added"), "added");
        var options = new ChatOptions { Tools = [] };
        options.Tools.Add(AIFunctionFactory.Create(() => { ran.Add("adds"); options.Tools.Add(added); }, "adds"));
        var model = new ScriptedModel(Calls(Call("c1", "adds")), Calls(Call("c2", "added"), Call("c3", "additional")));
        var client = host.Client(model, loop: loop =>
        {
            loop.AdditionalTools = [AIFunctionFactory.Create(() => ran.Add("additional"), "additional")];
            loop.FunctionInvoker = (context, token) =>
            {
                ran.Add("invoker");
                return context.Function.InvokeAsync(context.Arguments, token);
            };
        });
        await client.AskAsync(streaming, [s_user], options);

        Assert.That(host.Enforcer.Requests.Select(static request => request.ToolName), Is.EqualTo(["adds", "added", "additional"]));
        Assert.That(ran, Is.EqualTo(["invoker", "adds", "invoker", "added", "invoker", "additional"]));
    }

    [Test]
    public async Task FunctionInvoker_SetLater_RunsNothingThatIsBlocked([Values] bool streaming)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = static _ => TestEnforcer.Block("no");
        var ran = false;
        var model = new ScriptedModel(Calls(Call("c1", "work")));
        var client = host.Client(model);
        client.GetService<FunctionInvokingChatClient>()!.FunctionInvoker = (context, token) =>
        {
            ran = true;
            return ValueTask.FromResult<object?>("ran");
        };
        await client.AskAsync(streaming, [s_user], new() { Tools = [AIFunctionFactory.Create(static () => "x", "work")] });

        Assert.That(ran, Is.False);
    }

    [Test]
    public async Task HostedTool_AndDeclaration_AreRefusedUnlessAllowed([Values] bool streaming)
    {
        await using var host = new ShopHost();
        AITool[] tools = [new HostedWebSearchTool(), new HostedCodeInterpreterTool(), AIFunctionFactory.Create(static () => "x", "ui").AsDeclarationOnly()];
        foreach (var tool in tools)
        {
            var model = new ScriptedModel();
            Assert.That(
                async () => await host.Client(model).AskAsync(streaming, [s_user], new() { Tools = [tool] }),
                Throws.InvalidOperationException.With.Message.Contains(tool.Name).And.Message.Contains("AllowUngoverned"));
            Assert.That(model.Prompts, Is.Empty);
            await host.Client(model, options => options.AllowUngoverned(tool.Name, "a test")).AskAsync(streaming, [s_user], new() { Tools = [tool] });
            Assert.That(model.Prompts, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task HostedTool_AddedDuringTheLoop_IsRefused([Values] bool streaming)
    {
        await using var host = new ShopHost();
        var options = new ChatOptions { Tools = [] };
        options.Tools.Add(AIFunctionFactory.Create(() => options.Tools.Add(new HostedWebSearchTool()), "adds"));
        var model = new ScriptedModel(Calls(Call("c1", "adds")));

        Assert.That(async () => await host.Client(model).AskAsync(streaming, [s_user], options), Throws.InvalidOperationException);
        Assert.That(model.Prompts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task LoopBelow_IsRefusedAtBuild()
    {
        await using var host = new ShopHost();
        Assert.That(
            () => new ScriptedModel().AsBuilder().UseThoth().UseFunctionInvocation().Build(host.Services),
            Throws.InvalidOperationException.With.Message.Contains("UseFunctionInvocation"));
    }

    [Test]
    public void Build_WithoutServices_SaysWhatIsMissing() =>
        Assert.That(() => new ScriptedModel().AsBuilder().UseThoth().Build(), Throws.InvalidOperationException.With.Message.Contains("AddThoth"));

    [Test]
    public async Task HostAuthority_WithAnEnforcerElsewhere_IsRefusedAtBuild()
    {
        await using var host = new ShopHost(thoth => thoth.UseEnforcer(new RemoteEnforcer()));
        Assert.That(
            () => host.Client(new ScriptedModel(), options => options.ApprovalAuthority = ApprovalAuthority.Host),
            Throws.InvalidOperationException.With.Message.Contains("local policy"));
    }

    [Test]
    public async Task ExistingLoop_DecidesWithoutUseThoth([Values] bool streaming)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request => request.ToolName == "refund" ? host.Enforcer.Hold() : TestEnforcer.Allow;
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1")), Call("c2", "read_order", ("order", "A-1"))));
        using var client = model.AsBuilder().UseFunctionInvocation().Build(host.Services);
        Assert.That(client.IsGoverned(), Is.False);
        client.GetService<FunctionInvokingChatClient>()!.GovernInvocations(host.Services);
        Assert.That(client.IsGoverned(), Is.True);
        var response = await client.AskAsync(streaming, [s_user], new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] });

        Assert.That(host.Tools.Runs, Is.EqualTo(["read A-1"]));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
        Assert.That(response.Results()[0].Result?.ToString(), Does.Contain("waits for a person's approval"));
    }

    [Test]
    public async Task HostedMcpServer_AsksTheHost_AndTheHostsYesIsDecided([Values] bool streaming, [Values] bool allowed)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = _ => allowed ? TestEnforcer.Allow : TestEnforcer.Block("Nothing is sent outside.");
        var model = new ScriptedModel();
        List<ChatOptions?> seen = [];
        var client = host.Client(model.AsBuilder().ConfigureOptions(seen.Add).Build());
        var tool = new HostedMcpServerTool("files", "https://mcp.example") { ApprovalMode = HostedMcpServerToolApprovalMode.NeverRequire };
        var request = new ToolApprovalRequestContent("mcp-1", new McpServerToolCallContent("c1", "send_file", "files") { Arguments = new Dictionary<string, object?> { ["path"] = "/a" } });
        List<ChatMessage> history = [s_user, new(ChatRole.Assistant, [request]), new(ChatRole.User, [request.CreateResponse(approved: true)])];
        await client.AskAsync(streaming, history, new() { Tools = [tool] });

        var answer = (ToolApprovalResponseContent)history[2].Contents[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((HostedMcpServerTool)seen[0]!.Tools![0]).ApprovalMode, Is.EqualTo(HostedMcpServerToolApprovalMode.AlwaysRequire));
            Assert.That(tool.ApprovalMode, Is.EqualTo(HostedMcpServerToolApprovalMode.NeverRequire), "the application's tool is left alone");
            Assert.That(host.Enforcer.Requests.Single().ToolName, Is.EqualTo("send_file"));
            Assert.That(answer.Approved, Is.EqualTo(allowed));
            Assert.That(answer.Reason, allowed ? Is.Null : Does.Contain("Nothing is sent outside."));
        }
    }

    [Test]
    public void CopyOfAHostedMcpServer_HasEveryProperty()
    {
        // A new property of the package must be copied as well.
        Assert.That(
            typeof(HostedMcpServerTool).GetProperties().Where(static property => property.CanWrite).Select(static property => property.Name),
            Is.EquivalentTo(["AllowedTools", "ApprovalMode", "Headers", "ServerDescription"]));
    }
}
