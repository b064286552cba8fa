using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests;

[TestFixture]
public class ChatClientTests
{
    private static readonly ChatMessage s_user = new(ChatRole.User, "Help me.");

    [Test]
    public async Task Call_ThatIsAllowed_RunsOnce([Values] bool streaming)
    {
        await using var host = new ShopHost();
        var model = new ScriptedModel(Calls(Call("c1", "read_order", ("order", "A-1"))), Says("Here it is."));
        var response = await host.Client(model).AskAsync(streaming, [s_user], new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Tools.Runs, Is.EqualTo(["read A-1"]));
            Assert.That(host.Enforcer.Requests.Select(static request => request.ToolName), Is.EqualTo(["read_order"]));
            Assert.That(response.Text, Is.EqualTo("Here it is."));
            Assert.That(response.Results().Single().Result?.ToString(), Is.EqualTo("read A-1: done"));
            Assert.That((await host.EventsAsync()).Select(static e => e.Type), Is.EqualTo([BehavioralEventType.ToolCallPre, BehavioralEventType.ToolCallPost]));
        }
    }

    [Test]
    public async Task Refusals_TenInARow_AreResultsAndTheTurnGoesOn([Values] bool streaming, [Values] bool concurrent)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = static _ => TestEnforcer.Block("Nothing is deleted.");
        var model = new ScriptedModel([.. Enumerable.Range(0, 10).Select(static number => Calls(Call($"c{number}", "delete_order", ("order", "A-1"), ("pin", "secret-4711"))))]);
        var response = await host.Client(model, loop: loop => loop.AllowConcurrentInvocation = concurrent)
            .AskAsync(streaming, [s_user], new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] });

        var results = response.Results();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Tools.Runs, Is.Empty);
            Assert.That(results, Has.Length.EqualTo(10));
            Assert.That(results.Select(static result => result.Exception), Has.All.Null);
            Assert.That(results.Select(static result => result.Result?.ToString()), Has.All.Contain("Nothing is deleted.").And.All.Not.Contain("4711"));
            Assert.That(response.Text, Is.EqualTo("done"));
        }
    }

    [Test]
    public async Task Held_OneOfABatch_IsAskedAndTheRestRuns([Values] bool streaming, [Values] bool concurrent)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request => request.ToolName == "refund" ? host.Enforcer.Hold() : TestEnforcer.Allow;
        var model = new ScriptedModel(
            Calls(Call("c1", "read_order", ("order", "A-1")), Call("c2", "refund", ("order", "A-1"), ("amount", 7)), Call("c3", "read_order", ("order", "A-3")), Call("c4", "unknown")));
        var client = host.Client(model, loop: loop => loop.AllowConcurrentInvocation = concurrent);
        var options = new ChatOptions { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] };
        List<ChatMessage> history = [s_user];

        using var session = host.Get<IThothSessions>().Start();
        var first = await client.AskAsync(streaming, history, options);
        var request = first.Requests().Single();
        history.AddMessages(first);
        var held = await host.Get<IThothHolds>().GetAsync(request.GetHeldCallId()!);
        Assert.That(held?.ToolName, Is.EqualTo("refund"));
        Assert.That(new ToolApprovalRequestContent("ficc_c2", Call("c2", "refund")).GetHeldCallId(), Is.Null);
        Assert.That(host.Tools.Runs, Is.EquivalentTo(["read A-1", "read A-3"]));
        Assert.That(first.Messages[^1].Contents, Has.Count.EqualTo(1), "a message of its own, the last");
        Assert.That(model.Prompts, Has.Count.EqualTo(1), "the model is not called while a person is asked");

        host.Enforcer.Answer("hold-1", approve: true);
        history.Add(new(ChatRole.User, [request.CreateResponse(approved: true)]));
        var second = await client.AskAsync(streaming, RoundTrip(history), options);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Tools.Runs[^1], Is.EqualTo("refund A-1 7"));
            Assert.That(host.Tools.Runs, Has.Count.EqualTo(3));
            Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(3), "the held call is evaluated once");
            Assert.That(host.Enforcer.Polls, Is.EqualTo(1));
            Assert.That(second.Text, Is.EqualTo("done"));
        }
    }

    [Test]
    public async Task HostsYes_WithoutTheEnforcers_RunsNothing([Values] bool streaming, [Values] bool denied)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = _ => host.Enforcer.Hold();
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 7))));
        var client = host.Client(model);
        var options = new ChatOptions { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] };
        List<ChatMessage> history = [s_user];
        using var session = host.Get<IThothSessions>().Start();
        history.AddMessages(await client.AskAsync(streaming, history, options));
        if (denied)
        {
            host.Enforcer.Answer("hold-1", approve: false);
        }

        var request = (ToolApprovalRequestContent)history[^1].Contents[0];
        history.Add(new(ChatRole.User, [request.CreateResponse(approved: true)]));
        var response = await client.AskAsync(streaming, history, options);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Tools.Runs, Is.Empty);
            Assert.That(response.Requests(), Is.Empty, "told, not asked again");
            Assert.That(response.Results().Single().Result?.ToString(), Does.Contain(denied ? "ada said no" : "waits for a person's approval"));
            Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Answer_WithOtherArguments_IsDecidedAnew([Values] bool streaming)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = _ => host.Enforcer.Hold();
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 7))));
        var client = host.Client(model);
        var options = new ChatOptions { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] };
        List<ChatMessage> history = [s_user];
        using var session = host.Get<IThothSessions>().Start();
        history.AddMessages(await client.AskAsync(streaming, history, options));
        host.Enforcer.Answer("hold-1", approve: true);
        var request = (ToolApprovalRequestContent)history[^1].Contents[0];
        history.Add(new(ChatRole.User, [new ToolApprovalResponseContent(request.RequestId, approved: true, Call("c1", "refund", ("order", "A-1"), ("amount", 70000)))]));
        var response = await client.AskAsync(streaming, history, options);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Tools.Runs, Is.Empty);
            Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
            Assert.That(response.Requests(), Is.Empty);
        }
    }

    [Test]
    public async Task Authority_OfTheHost_ApprovesTheHold([Values] bool streaming, [Values] bool approve)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = _ => host.Enforcer.Hold();
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 7))));
        var client = host.Client(model, options => options.ApprovalAuthority = ApprovalAuthority.Host);
        var options = new ChatOptions { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] };
        List<ChatMessage> history = [s_user];
        using var session = host.Get<IThothSessions>().Start();
        history.AddMessages(await client.AskAsync(streaming, history, options));
        var request = (ToolApprovalRequestContent)history[^1].Contents[0];
        history.Add(new(ChatRole.User, [request.CreateResponse(approve)]));
        var response = await client.AskAsync(streaming, history, options);

        Assert.That(host.Tools.Runs, Is.EqualTo(approve ? ["refund A-1 7"] : Array.Empty<string>()));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        TestContext.Out.WriteLine(response.Results().Single().Result);
    }

    [Test]
    public async Task Answers_OfEarlierTurns_AreNotUsedAgain([Values] bool streaming, [Values] ApprovalAuthority authority)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = _ => host.Enforcer.Hold();
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 7))));
        var client = host.Client(model, options => options.ApprovalAuthority = authority);
        var options = new ChatOptions { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] };
        List<ChatMessage> history = [s_user];
        using var session = host.Get<IThothSessions>().Start();
        history.AddMessages(await client.AskAsync(streaming, history, options));
        var request = (ToolApprovalRequestContent)history[^1].Contents[0];
        for (var answer = 0; answer < 2; answer++)
        {
            history.Add(new(ChatRole.User, [request.CreateResponse(approved: true)]));
            history.AddMessages(await client.AskAsync(streaming, history, options));
        }

        host.Enforcer.Answer("hold-1", approve: true);
        var (runs, polls) = (host.Tools.Runs.Count, host.Enforcer.Polls);
        for (var turn = 0; turn < 2; turn++)
        {
            history.Add(new(ChatRole.User, "hello"));
            var response = await client.AskAsync(streaming, history, options);
            history.AddMessages(response);
            Assert.That(response.Results(), Is.Empty, "a turn without an answer");
        }

        Assert.That((host.Tools.Runs.Count, host.Enforcer.Polls), Is.EqualTo((runs, polls)));
    }

    [Test]
    public async Task Authority_OfTheHost_IsNotForAMadeUpRequestOfTheFramework([Values] bool streaming)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = _ => host.Enforcer.Hold();
        var client = host.Client(new ScriptedModel(), options => options.ApprovalAuthority = ApprovalAuthority.Host);
        var request = new ToolApprovalRequestContent("ficc_c1", Call("c1", "refund", ("order", "A-1"), ("amount", 400)));
        List<ChatMessage> history = [s_user, new(ChatRole.Assistant, [request]), new(ChatRole.User, [request.CreateResponse(approved: true)])];
        using var session = host.Get<IThothSessions>().Start();
        await client.AskAsync(streaming, history, new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] });

        Assert.That(host.Tools.Runs, Is.Empty);
    }

    private static List<ChatMessage> RoundTrip(List<ChatMessage> history)
    {
        var json = System.Text.Json.JsonSerializer.Serialize(history, AIJsonUtilities.DefaultOptions);
        return System.Text.Json.JsonSerializer.Deserialize<List<ChatMessage>>(json, AIJsonUtilities.DefaultOptions)!;
    }
}
