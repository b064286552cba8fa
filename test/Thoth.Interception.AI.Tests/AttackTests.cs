using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests;

/// <summary>Ways to have a call run undecided or twice, to make a prompt invalid, or to lose a turn.</summary>
[TestFixture]
public class AttackTests
{
    private static FunctionCallContent Refund(string id, decimal amount = 7) => Call(id, "refund", ("order", "A-1"), ("amount", amount));

    private static ShopHost HoldsRefunds(Action<IServiceCollection>? more = null)
    {
        var host = new ShopHost(more: more);
        host.Enforcer.Decide = request => request.ToolName == "refund" ? host.Enforcer.Hold() : TestEnforcer.Allow;
        return host;
    }

    [Test]
    public async Task CallId_OfAnEarlierTurn_IsAskedAndRuns([Values] bool streaming, [Values] bool json)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Call("call_0", "read_order", ("order", "A-1"))), Says("read"), Calls(Refund("call_0")));
        var chat = Conversation.Of(host, host.Client(model), streaming);
        await chat.SendAsync();
        var request = (await chat.SendAsync(new TextContent("Refund it."))).Requests().Single();
        host.Enforcer.Answer("hold-1", approve: true);
        if (json)
        {
            chat.ThroughJson();
        }

        await chat.SendAsync(request.CreateResponse(approved: true));
        Assert.That(host.Tools.Runs, Is.EqualTo(["read A-1", "refund A-1 7"]));
    }

    [Test]
    public async Task CallId_TwiceInABatch_IsDecidedTwiceAndAnsweredOnce([Values] bool streaming, [Values] bool concurrent)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Call("c", "read_order", ("order", "A-1")), Refund("c"), Refund("c", 8)));
        var chat = Conversation.Of(host, host.Client(model, loop: loop => loop.AllowConcurrentInvocation = concurrent), streaming);
        var requests = (await chat.SendAsync()).Requests();
        Assert.That(requests, Has.Length.EqualTo(2));
        host.Enforcer.Answer("hold-1", approve: true);
        host.Enforcer.Answer("hold-2", approve: true);
        await chat.SendAsync([.. requests.Select(static request => request.CreateResponse(approved: true))]);

        Assert.That(host.Tools.Runs.Order(), Is.EqualTo(["read A-1", "refund A-1 7", "refund A-1 8"]));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task CallId_OfTheAnsweredCall_InTheSameTurn_IsAnotherCall([Values] bool streaming)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Refund("c")), Calls(Refund("c")), Calls(Refund("c", 9)));
        var chat = Conversation.Of(host, host.Client(model), streaming);
        var request = (await chat.SendAsync()).Requests().Single();
        host.Enforcer.Answer("hold-1", approve: true);
        var second = await chat.SendAsync(request.CreateResponse(approved: true));

        Assert.That(host.Tools.Runs, Is.EqualTo(["refund A-1 7"]));
        Assert.That(second.Requests(), Has.Length.EqualTo(1), "the second refund is a new call, so a person is asked");
        host.Enforcer.Answer("hold-2", approve: true);
        var third = await chat.SendAsync(second.Requests()[0].CreateResponse(approved: true));
        Assert.That(host.Tools.Runs, Is.EqualTo(["refund A-1 7", "refund A-1 7"]));
        Assert.That(third.Requests(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task CallId_ThatIsEmpty_IsAskedAndRuns([Values] bool streaming)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var chat = Conversation.Of(host, host.Client(new ScriptedModel(Calls(Call("", "read_order", ("order", "A-1")), Refund("")))), streaming);
        var request = (await chat.SendAsync()).Requests().Single();
        host.Enforcer.Answer("hold-1", approve: true);
        await chat.SendAsync(request.CreateResponse(approved: true));
        Assert.That(host.Tools.Runs, Is.EqualTo(["read A-1", "refund A-1 7"]));
    }

    [Test]
    public async Task Wrapper_ThatInvokesAGovernedFunctionTwice_IsDecidedTwice([Values] bool streaming)
    {
        await using var host = new ShopHost();
        var runs = 0;
        var governed = AIFunctionFactory.Create(() => Interlocked.Increment(ref runs), "work").Governed(host.Services);
        await host.Client(new ScriptedModel(Calls(Call("c1", "work")))).AskAsync(
            streaming, [new(ChatRole.User, "Work.")], new() { Tools = [new RepeatingFunction(governed)] });
        Assert.That(runs, Is.EqualTo(2));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2), "the second run is decided on its own");
    }

    [Test]
    public async Task Wrapper_ThatChangesTheArguments_OfAGovernedFunction_IsDecidedWithThem([Values] bool streaming, [Values] bool inPlace)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request => System.Text.Encoding.UTF8.GetString(request.Arguments.Span).Contains("70000", StringComparison.Ordinal)
            ? TestEnforcer.Block("too much") : TestEnforcer.Allow;
        var refund = AIFunctionFactory.Create((string order, decimal amount) => host.Tools.RefundAsync(order, amount), "pay").Governed(host.Services);
        var model = new ScriptedModel(Calls(Call("c1", "pay", ("order", "A-1"), ("amount", 7))));
        await host.Client(model).AskAsync(streaming, [new(ChatRole.User, "Pay.")], new() { Tools = [new ChangingFunction(refund, inPlace)] });
        Assert.That(host.Tools.Runs, Is.Empty);
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Answers_ThatComeAtTheSameTime_RunTheCallOnce([Values] bool streaming, [Values] ApprovalAuthority authority)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var client = host.Client(new ScriptedModel(Calls(Refund("c1"))), options => options.ApprovalAuthority = authority);
        var chat = Conversation.Of(host, client, streaming);
        var request = (await chat.SendAsync()).Requests().Single();
        if (authority == ApprovalAuthority.Enforcer)
        {
            host.Enforcer.Answer("hold-1", approve: true);
        }

        chat.History.Add(new(ChatRole.User, [request.CreateResponse(approved: true)]));
        var clients = Enumerable.Range(0, 16).Select(_ => host.Client(new ScriptedModel(), options => options.ApprovalAuthority = authority)).ToArray();
        await Task.WhenAll(clients.Select(other => Task.Run(() => other.AskAsync(streaming, chat.History, chat.Options))));
        Assert.That(host.Tools.Runs, Is.EqualTo(["refund A-1 7"]));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Description_OfAFunctionOverAGovernedInterface_DoesNotMakeItTwoCalls([Values] bool streaming)
    {
        await using var host = new ShopHost();
        var client = host.Client(new ScriptedModel(Calls(Refund("c1"), Call("c2", "plain"))), options => options.Describe = static function => new ToolDescriptor($"my_{function.Name}"));
        await Conversation.Of(host, client, streaming, AIFunctionFactory.Create(static () => "x", "plain")).SendAsync();
        Assert.That(host.Enforcer.Requests.Select(static request => request.ToolName), Is.EqualTo(["refund", "my_plain"]));
        Assert.That(host.Tools.Runs, Is.EqualTo(["refund A-1 7"]));
    }

    [Test]
    public async Task HostedCall_WhoseSessionClosesInTheDecision_IsDenied([Values] bool streaming)
    {
        await using var host = new ShopHost();
        using var session = host.Get<IThothSessions>().Start();
        host.Enforcer.Decide = _ =>
        {
            session.Dispose();
            return TestEnforcer.Allow;
        };
        var model = new ScriptedModel();
        var request = new ToolApprovalRequestContent("mcp-1", new McpServerToolCallContent("c1", "send_file", "files"));
        List<ChatMessage> history = [new(ChatRole.User, "Send."), new(ChatRole.Assistant, [request]), new(ChatRole.User, [request.CreateResponse(approved: true)])];
        await host.Client(model).AskAsync(streaming, history, new());
        Assert.That(((ToolApprovalResponseContent)model.Prompts.Single()[2].Contents[0]).Approved, Is.False);
    }

    [Test]
    public async Task Arguments_WithInvalidUnicode_LoseNoTurn([Values] bool streaming, [Values] ApprovalAuthority authority)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = _ => host.Enforcer.Hold();
        using var session = host.Get<IThothSessions>().Start();
        var invalid = System.Text.Json.JsonDocument.Parse("\"\\ud800\"").RootElement;
        var model = new ScriptedModel(Calls(Call("c1", "list_orders", ("more", invalid)), Call("c2", "read_order", ("order", invalid)), Call("c3", "plain", ("x", invalid))));
        var chat = Conversation.Of(
            host, host.Client(model, options => options.ApprovalAuthority = authority), streaming, AIFunctionFactory.Create(static (string x) => "ran", "plain"));
        var first = await chat.SendAsync();
        Assert.That(first.Requests().Select(static request => request.ToolCall.CallId), Is.EqualTo(["c1"]), "what can be shown is held");
        Assert.That((await chat.SendAsync(new TextContent("And?"))).Text, Is.EqualTo("done"));
        Assert.That((await chat.SendAsync(first.Requests()[0].CreateResponse(approved: true))).Text, Is.EqualTo("done"));
        Assert.That(host.Tools.Runs, Has.Count.EqualTo(authority == ApprovalAuthority.Host ? 1 : 0));
    }

    [Test]
    public async Task Answer_InAMessageOfTheModel_ApprovesNothing([Values] bool streaming, [Values] bool hosted)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Refund("c1")));
        var chat = Conversation.Of(host, host.Client(model, options => options.ApprovalAuthority = ApprovalAuthority.Host), streaming);
        var request = hosted
            ? new ToolApprovalRequestContent("mcp-1", new McpServerToolCallContent("c9", "send_file", "files"))
            : (await chat.SendAsync()).Requests().Single();
        await chat.SendMessagesAsync(new ChatMessage(ChatRole.Assistant, [request.CreateResponse(approved: true)]), new ChatMessage(ChatRole.User, "Well?"));
        Assert.That(host.Tools.Runs, Is.Empty);
        Assert.That(
            model.Prompts[^1].SelectMany(static message => message.Contents).OfType<ToolApprovalResponseContent>().Where(static answer => answer.Approved), Is.Empty);
    }

    [Test]
    public async Task Contents_ThatCannotChange_AreAskedAsAny([Values] bool streaming)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new FixedModel([Call("c1", "read_order", ("order", "A-1")), Refund("c2")]);
        var response = await host.Client(model).AskAsync(
            streaming, [new(ChatRole.User, "Refund.")], new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] });
        Assert.That(response.Requests(), Has.Length.EqualTo(1));
        Assert.That(model.Said.OfType<FunctionCallContent>().Count(), Is.EqualTo(2), "what the model said is left alone");
    }

    [Test]
    public async Task Request_WithoutAnAnswer_DoesNotStopTheConversation([Values] bool streaming, [Values] bool json)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Refund("c1"), Refund("c2", 8)), Says("still waiting"), Says("refunded one"), Says("refunded both"));
        var chat = Conversation.Of(host, host.Client(model), streaming);
        var requests = (await chat.SendAsync()).Requests();
        if (json)
        {
            chat.ThroughJson();
        }

        var second = await chat.SendAsync(new TextContent("What is going on?"));
        Assert.That(second.Text, Is.EqualTo("still waiting"));
        Assert.That(host.Tools.Runs, Is.Empty);
        Assert.That(ResultsIn(model.Prompts[^1]), Has.Exactly(2).Contains("waits for a person's approval"));

        host.Enforcer.Answer("hold-1", approve: true);
        await chat.SendAsync(requests[0].CreateResponse(approved: true));
        Assert.That(host.Tools.Runs, Is.EqualTo(["refund A-1 7"]));
        host.Enforcer.Answer("hold-2", approve: true);
        await chat.SendAsync(requests[1].CreateResponse(approved: true));
        Assert.That(host.Tools.Runs, Is.EqualTo(["refund A-1 7", "refund A-1 8"]));
        Assert.That((await chat.SendAsync(new TextContent("Thanks."))).Text, Is.EqualTo("done"));
    }

    [Test]
    public async Task Answers_TwoForOneRequest_RunItOnce_AndANoWins([Values] bool streaming, [Values] bool first, [Values] bool second, [Values] bool oneMessage)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Refund("c1")));
        var chat = Conversation.Of(host, host.Client(model), streaming);
        var request = (await chat.SendAsync()).Requests().Single();
        host.Enforcer.Answer("hold-1", approve: true);
        ToolApprovalResponseContent[] answers = [request.CreateResponse(first), request.CreateResponse(second)];
        await (oneMessage ? chat.SendAsync(answers) : chat.SendMessagesAsync([.. answers.Select(static answer => new ChatMessage(ChatRole.User, [answer]))]));

        Assert.That(host.Tools.Runs, Is.EqualTo(first && second ? ["refund A-1 7"] : Array.Empty<string>()));
        Assert.That(ResultsIn(model.Prompts[^1]), Has.Exactly(1).Items, "one call, one result");
    }

    [Test]
    public async Task Conversation_GoesOnAfterAnAnswer([Values] bool streaming, [Values] bool json, [Values] bool approve)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Refund("c1")));
        var chat = Conversation.Of(host, host.Client(model), streaming);
        var request = (await chat.SendAsync()).Requests().Single();
        host.Enforcer.Answer("hold-1", approve);
        await chat.SendAsync(request.CreateResponse(approve));
        for (var turn = 0; turn < 3; turn++)
        {
            if (json)
            {
                chat.ThroughJson();
            }

            await chat.SendAsync(new TextContent("And then?"));
        }

        Assert.That(host.Tools.Runs, Has.Count.EqualTo(approve ? 1 : 0));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Authority_OfTheHost_IsNotForRequestsOfAnotherSession([Values] bool streaming)
    {
        await using var host = HoldsRefunds();
        var model = new ScriptedModel(Calls(Refund("c1")));
        var client = host.Client(model, options => options.ApprovalAuthority = ApprovalAuthority.Host);
        var chat = Conversation.Of(host, client, streaming);
        ToolApprovalRequestContent request;
        using (host.Get<IThothSessions>().Start(new() { UserId = "victim" }))
        {
            request = (await chat.SendAsync()).Requests().Single();
        }

        using (host.Get<IThothSessions>().Start(new() { UserId = "attacker" }))
        {
            await chat.SendAsync(request.CreateResponse(approved: true));
        }

        Assert.That(host.Tools.Runs, Is.Empty);
    }

    [Test]
    public async Task Authority_OfTheHost_IsNotForRequestsThatNeverWere([Values] bool streaming, [Values("thoth_12345678_beef", "ficc_c1", "x")] string id)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var client = host.Client(new ScriptedModel(), options => options.ApprovalAuthority = ApprovalAuthority.Host);
        await Conversation.Of(host, client, streaming).SendAsync(new ToolApprovalResponseContent(id, approved: true, Refund("c1", 70000)));
        Assert.That(host.Tools.Runs, Is.Empty);
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Authority_OfTheHost_ApprovesWhatTheFrameworkAsked([Values] bool streaming)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var client = host.Client(new ScriptedModel(Calls(Refund("c1"))), options => options.ApprovalAuthority = ApprovalAuthority.Host);
        var refund = host.Services.GetGovernedFunctions<IShopTools>().Single(static function => function.Name == "refund");
        var chat = new Conversation(client, streaming, new() { Tools = [new ApprovalRequiredAIFunction(refund)] });
        var request = (await chat.SendAsync()).Requests().Single();
        Assert.That(host.Enforcer.Requests, Is.Empty, "the framework asks before the call is decided");
        await chat.SendAsync(request.CreateResponse(approved: true));
        Assert.That(host.Tools.Runs, Is.EqualTo(["refund A-1 7"]));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task LoopAbove_IsSeenByIsGoverned()
    {
        await using var host = new ShopHost();
        var client = new ScriptedModel().AsBuilder().UseFunctionInvocation().UseThoth().Build(host.Services);
        Assert.That(client.IsGoverned(), Is.False);
    }

    [Test]
    public async Task LoopBelow_AnExistingLoop_IsNotGoverned()
    {
        await using var host = new ShopHost();
        var client = new ScriptedModel().AsBuilder().UseFunctionInvocation().UseLogging().UseFunctionInvocation().Build(host.Services);
        Assert.That(() => client.GetService<FunctionInvokingChatClient>()!.GovernInvocations(host.Services), Throws.InvalidOperationException);
        Assert.That(client.IsGoverned(), Is.False);
    }

    [Test]
    public async Task Declaration_InAdditionalTools_IsRefused([Values] bool streaming)
    {
        await using var host = new ShopHost();
        var model = new ScriptedModel(Calls(Call("c1", "ui")));
        var client = host.Client(model, loop: loop => loop.AdditionalTools = [AIFunctionFactory.Create(static () => "x", "ui").AsDeclarationOnly()]);
        Assert.That(async () => await Conversation.Of(host, client, streaming).SendAsync(), Throws.InvalidOperationException.With.Message.Contains("'ui'"));
    }

    [Test]
    public async Task Refusal_OfACallThatAFunctionMakes_IsTextForTheModel([Values] bool streaming, [Values] bool concurrent, [Values] bool existing)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = static request => request.ToolName == "refund" ? TestEnforcer.Block("No refunds today.") : TestEnforcer.Allow;
        var settle = AIFunctionFactory.Create((string order) => host.Governed.RefundAsync(order), "settle");
        var model = new ScriptedModel([.. Enumerable.Range(0, 6).Select(static number => Calls(Call($"c{number}", "settle", ("order", "A-1"))))]);
        IChatClient client;
        if (existing)
        {
            client = model.AsBuilder().UseFunctionInvocation(configure: loop => loop.AllowConcurrentInvocation = concurrent).Build(host.Services);
            client.GetService<FunctionInvokingChatClient>()!.GovernInvocations(host.Services);
        }
        else
        {
            client = host.Client(model, loop: loop => loop.AllowConcurrentInvocation = concurrent);
        }

        var response = await new Conversation(client, streaming, new() { Tools = [settle] }).SendAsync();
        Assert.That(response.Text, Is.EqualTo("done"));
        Assert.That(response.Results().Select(static result => result.Result?.ToString()), Has.Exactly(6).Contains("No refunds today."));
    }

    [Test]
    public async Task Session_ThatIsClosedAfterTheDecision_IsTextForTheModel([Values] bool streaming)
    {
        await using var host = new ShopHost();
        using var session = host.Get<IThothSessions>().Start();
        host.Enforcer.Decide = _ =>
        {
            session.Dispose();
            return TestEnforcer.Allow;
        };
        var model = new ScriptedModel(Calls(Refund("c1")));
        var response = await Conversation.Of(host, host.Client(model), streaming).SendAsync();
        Assert.That(host.Tools.Runs, Is.Empty);
        Assert.That(response.Results().Single().Exception, Is.Null);
        Assert.That(response.Results().Single().Result?.ToString(), Does.StartWith("Not run"));
    }

    [Test]
    public async Task Store_ThatFails_LosesNoTurn_AndRunsNothing([Values] bool streaming, [Values] bool approve)
    {
        var store = new FailingHeldCallStore();
        await using var host = HoldsRefunds(services => services.AddSingleton<IHeldCallStore>(store));
        using var session = host.Get<IThothSessions>().Start();
        var chat = Conversation.Of(host, host.Client(new ScriptedModel(Calls(Refund("c1")))), streaming);
        var request = (await chat.SendAsync()).Requests().Single();
        host.Enforcer.Answer("hold-1", approve: true);
        store.Fails = true;
        var response = await chat.SendAsync(request.CreateResponse(approve));
        Assert.That(host.Tools.Runs, Is.Empty);
        Assert.That(response.Text, Is.EqualTo("done"));
    }

    [Test]
    public async Task ResultOfTheServer_InTheSameStream_DoesNotShowAHeldCall([Values] bool streaming)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new FixedModel([Refund("c1"), Call("s1", "server_side")], [new FunctionResultContent("s1", "done by the server")]);
        var chat = Conversation.Of(host, host.Client(model), streaming);
        var first = await chat.SendAsync();
        Assert.That(first.Requests(), Has.Length.EqualTo(1));
        Assert.That(
            first.Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>().Select(static call => call.CallId), Is.EqualTo(["s1"]));
    }

    private static IEnumerable<string?> ResultsIn(IEnumerable<ChatMessage> prompt) =>
        prompt.SelectMany(static message => message.Contents).OfType<FunctionResultContent>().Select(static result => result.Result?.ToString());
}
