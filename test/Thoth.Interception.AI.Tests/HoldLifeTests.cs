using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests;

/// <summary>Held calls between two turns: another process, lost and expired holds, replays, and every form of an answer.</summary>
[TestFixture]
public class HoldLifeTests
{
    [Test]
    public async Task Held_InOneProcess_IsResumedInAnother([Values] bool streaming, [Values] HoldOutcome outcome, [Values] bool hostSaysYes)
    {
        var store = new SharedHeldCallStore();
        string json;
        var enforcer = new TestEnforcer();
        enforcer.Decide = _ => enforcer.Hold();
        await using (var first = Host(store, enforcer))
        {
            using var entered = first.Get<IThothSessions>().GetOrStart("conversation-1").Enter();
            var chat = Conversation.Of(first, first.Client(new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 7))))), streaming);
            await chat.SendAsync();
            json = JsonSerializer.Serialize(chat.History, AIJsonUtilities.DefaultOptions);
            Assert.That(first.Tools.Runs, Is.Empty);
        }

        if (outcome != HoldOutcome.Pending)
        {
            enforcer.Answer("hold-1", outcome == HoldOutcome.Approved);
        }

        await using var second = Host(outcome == HoldOutcome.Lost ? new SharedHeldCallStore() : store, enforcer);
        using var session = second.Get<IThothSessions>().GetOrStart("conversation-1").Enter();
        var history = JsonSerializer.Deserialize<List<ChatMessage>>(json, AIJsonUtilities.DefaultOptions)!;
        var request = history.SelectMany(static message => message.Contents).OfType<ToolApprovalRequestContent>().Single();
        history.Add(new(ChatRole.User, [request.CreateResponse(hostSaysYes)]));
        var response = await second.Client(new ScriptedModel()).AskAsync(
            streaming, history, new() { Tools = [.. second.Services.GetGovernedFunctions<IShopTools>()] });

        Assert.That(second.Tools.Runs, Is.EqualTo(outcome == HoldOutcome.Approved && hostSaysYes ? ["refund A-1 7"] : Array.Empty<string>()));
        Assert.That(enforcer.Requests, Has.Count.EqualTo(outcome == HoldOutcome.Lost && hostSaysYes ? 2 : 1), "only a call whose hold is lost is decided anew");
        Assert.That(response.Text, Is.EqualTo("done"));
        Assert.That(response.Results().Single().Result?.ToString(), outcome switch
        {
            _ when !hostSaysYes => Does.Contain("rejected"),
            HoldOutcome.Approved => Does.Contain("refund A-1 7: done"),
            HoldOutcome.Denied => Does.Contain("ada said no"),
            _ => Does.Contain("waits for a person's approval"),
        });
    }

    [Test]
    public async Task Hold_ThatExpired_RunsNothing([Values] bool streaming)
    {
        var time = new FakeTimeProvider();
        await using var host = new ShopHost(more: services => services.AddSingleton<TimeProvider>(time));
        host.Enforcer.Decide = _ => host.Enforcer.Hold();
        using var session = host.Get<IThothSessions>().Start();
        var chat = Conversation.Of(host, host.Client(new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"))))), streaming);
        var request = (await chat.SendAsync()).Requests().Single();
        time.Advance(TimeSpan.FromHours(2));
        await host.EventsAsync();
        host.Enforcer.Decide = static _ => TestEnforcer.Block("decided anew");
        host.Enforcer.Answer("hold-1", approve: true);
        var response = await chat.SendAsync(request.CreateResponse(approved: true));

        Assert.That(host.Tools.Runs, Is.Empty);
        Assert.That(response.Results().Single().Result?.ToString(), Does.StartWith("Not run"));
        Assert.That(response.Text, Is.EqualTo("done"));
    }

    [Test]
    public async Task Answer_ThatIsReplayed_RunsOnce([Values] bool streaming, [Values] bool withResults)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"))));
        var chat = Conversation.Of(host, host.Client(model), streaming);
        var request = (await chat.SendAsync()).Requests().Single();
        List<ChatMessage> before = [.. chat.History];
        host.Enforcer.Answer("hold-1", approve: true);
        await chat.SendAsync(request.CreateResponse(approved: true));
        Assert.That(host.Tools.Runs, Has.Count.EqualTo(1));
        if (!withResults)
        {
            chat.History.Clear();
            chat.History.AddRange(before);
        }

        for (var replay = 0; replay < 3; replay++)
        {
            await chat.SendAsync(request.CreateResponse(approved: true));
        }

        Assert.That(host.Tools.Runs, Has.Count.EqualTo(1));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(model.Prompts[^1].SelectMany(static message => message.Contents).OfType<FunctionResultContent>().Last().Result?.ToString(), Does.Contain("was used by another call"));
    }

    [Test]
    public async Task Answer_ForAnotherRequestOfTheSession_RunsNothing([Values] bool streaming)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 1)), Call("c2", "refund", ("order", "A-1"), ("amount", 1000))));
        var chat = Conversation.Of(host, host.Client(model), streaming);
        var requests = (await chat.SendAsync()).Requests();
        var small = requests.Single(static request => request.ToolCall.CallId == "c1");
        var large = requests.Single(static request => request.ToolCall.CallId == "c2");
        var holds = await host.Get<IThothHolds>().ListAsync();
        Assert.That(holds, Has.Count.EqualTo(2));
        host.Enforcer.Answer("hold-1", approve: true);
        await chat.SendAsync(
            new ToolApprovalResponseContent(small.RequestId, approved: true, large.ToolCall), new ToolApprovalResponseContent(large.RequestId, approved: true, small.ToolCall));

        Assert.That(host.Tools.Runs, Has.None.Contains("1000"), "the approval of the small refund runs no large one");
        Assert.That(host.Tools.Runs, Has.Count.LessThanOrEqualTo(1));
    }

    [Test]
    public async Task Answers_InSeveralMessages_WithTextBetween_AllCount([Values] bool streaming, [Values] bool json, [Values] AnswerForm form)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(
            Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 1)), Call("c2", "read_order", ("order", "A-1")), Call("c3", "refund", ("order", "A-3"), ("amount", 3))));
        var chat = Conversation.Of(host, host.Client(model), streaming);
        var requests = (await chat.SendAsync()).Requests().OrderBy(static request => request.ToolCall.CallId, StringComparer.Ordinal).ToArray();
        Assert.That(requests, Has.Length.EqualTo(2));
        if (json)
        {
            chat.ThroughJson();
        }

        host.Enforcer.Answer("hold-1", approve: true);
        var yes = requests[0].CreateResponse(approved: true);
        var no = requests[1].CreateResponse(approved: false, "too much");
        var response = form switch
        {
            AnswerForm.TextBefore => await chat.SendAsync(new TextContent("As you like:"), yes, no),
            AnswerForm.TextAfter => await chat.SendAsync(yes, no, new TextContent("and be quick")),
            AnswerForm.Messages => await chat.SendMessagesAsync(new(ChatRole.User, [yes]), new(ChatRole.User, [no])),
            AnswerForm.MessagesReversed => await chat.SendMessagesAsync(new(ChatRole.User, [no]), new(ChatRole.User, [yes])),
            _ => await chat.SendMessagesAsync(new(ChatRole.User, [yes]), new(ChatRole.User, "hm"), new(ChatRole.User, [no]), new(ChatRole.User, "well")),
        };

        Assert.That(host.Tools.Runs, Is.EqualTo(["read A-1", "refund A-1 1"]));
        Assert.That(response.Results().Select(static result => result.Result?.ToString()), Has.Exactly(1).Contains("too much"));
        Assert.That(response.Text, Is.EqualTo("done"));
        Assert.That((await chat.SendAsync(new TextContent("Thanks."))).Text, Is.EqualTo("done"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Held_AgainInTheAnsweringTurn_IsToldForTheSameCall_AndAskedForANewOne([Values] bool streaming)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 1))), Calls(Call("c2", "refund", ("order", "A-2"), ("amount", 2))));
        var chat = Conversation.Of(host, host.Client(model), streaming);
        var request = (await chat.SendAsync()).Requests().Single();
        var second = await chat.SendAsync(request.CreateResponse(approved: true));

        Assert.That(second.Results().Single().Result?.ToString(), Does.Contain("waits for a person's approval"), "the answered call is still pending");
        Assert.That(second.Requests().Single().ToolCall.CallId, Is.EqualTo("c2"));
        host.Enforcer.Answer("hold-2", approve: true);
        await chat.SendAsync(second.Requests()[0].CreateResponse(approved: true));
        Assert.That(host.Tools.Runs, Is.EqualTo(["refund A-2 2"]));
    }

    [Test]
    public async Task Held_Twice_ByAModelThatRepeatsItself_IsOneHold([Values] bool streaming, [Values] bool concurrent)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1")), Call("c2", "refund", ("order", "A-1"))));
        var chat = Conversation.Of(host, host.Client(model, loop: loop => loop.AllowConcurrentInvocation = concurrent), streaming);
        var requests = (await chat.SendAsync()).Requests();
        Assert.That(requests, Has.Length.EqualTo(2));
        Assert.That(requests.Select(static request => request.RequestId).Distinct().Count(), Is.EqualTo(2));
        Assert.That(host.Enforcer.Tokens, Has.Count.EqualTo(1));
        host.Enforcer.Answer("hold-1", approve: true);
        await chat.SendAsync([.. requests.Select(static request => request.CreateResponse(approved: true))]);
        Assert.That(host.Tools.Runs, Is.EqualTo(["refund A-1 10"]), "one approval, one run");
    }

    [Test]
    public async Task Wait_RunsWhatIsApprovedInTime_InTheSameTurn([Values] bool streaming, [Values] bool concurrent, [Values] bool approve)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request =>
        {
            if (request.ToolName != "refund")
            {
                return TestEnforcer.Allow;
            }

            var hold = host.Enforcer.Hold();
            host.Enforcer.Answer(hold.HoldToken!, approve);
            return hold;
        };
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1")), Call("c2", "read_order", ("order", "A-1"))));
        var client = host.Client(model, options => options.WhenHeld = HeldFunctionMode.Wait, loop => loop.AllowConcurrentInvocation = concurrent);
        var response = await Conversation.Of(host, client, streaming).SendAsync();
        Assert.That(response.Text, Is.EqualTo("done"));
        Assert.That(host.Tools.Runs, Is.EquivalentTo(approve ? ["refund A-1 10", "read A-1"] : new[] { "read A-1" }));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
    }

    private static ShopHost HoldsRefunds()
    {
        var host = new ShopHost();
        host.Enforcer.Decide = request => request.ToolName == "refund" ? host.Enforcer.Hold() : TestEnforcer.Allow;
        return host;
    }

    private static ShopHost Host(IHeldCallStore store, TestEnforcer enforcer) =>
        new(thoth => thoth.UseEnforcer(enforcer), services => services.AddSingleton(store));

    public enum HoldOutcome
    {
        Pending,
        Approved,
        Denied,
        Lost,
    }

    public enum AnswerForm
    {
        TextBefore,
        TextAfter,
        Messages,
        MessagesReversed,
        TextBetween,
    }
}
