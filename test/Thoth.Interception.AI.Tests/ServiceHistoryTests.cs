using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests;

/// <summary>The service keeps the history, and refuses a turn that lacks results.</summary>
[TestFixture]
public class ServiceHistoryTests
{
    [Test]
    public async Task Held_Alone_IsAskedAndResumed([Values] bool streaming, [Values] bool approve, [Values] bool laterTurn)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var refund = Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 7)));
        var model = new ServiceModel(laterTurn ? [Says("hello"), refund] : [refund]);
        var client = host.Client(model);
        var options = Options(host);
        if (laterTurn)
        {
            options.ConversationId = (await client.AskAsync(streaming, [new(ChatRole.User, "Hello.")], options)).ConversationId;
        }

        var first = await client.AskAsync(streaming, [new(ChatRole.User, "Refund it.")], options);
        Assert.That(first.ConversationId, Is.EqualTo("conversation-1"));
        options.ConversationId = first.ConversationId;
        host.Enforcer.Answer("hold-1", approve);
        var second = await client.AskAsync(streaming, [new(ChatRole.User, [first.Requests().Single().CreateResponse(approve)])], options);

        Assert.That(second.Text, Is.EqualTo("done"));
        Assert.That(host.Tools.Runs, Is.EqualTo(approve ? ["refund A-1 7"] : Array.Empty<string>()));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Held_InABatch_IsTold([Values] bool streaming, [Values] bool concurrent, [Values] bool laterTurn)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var batch = Calls(Call("c1", "read_order", ("order", "A-1")), Call("c2", "refund", ("order", "A-1")), Call("c3", "refund", ("order", "A-2")));
        var model = new ServiceModel(laterTurn ? [Says("hello"), batch] : [batch]);
        var client = host.Client(model, loop: loop => loop.AllowConcurrentInvocation = concurrent);
        var options = Options(host);
        if (laterTurn)
        {
            options.ConversationId = (await client.AskAsync(streaming, [new(ChatRole.User, "Hello.")], options)).ConversationId;
        }

        var response = await client.AskAsync(streaming, [new(ChatRole.User, "Refund them.")], options);
        Assert.That(response.Requests(), Is.Empty);
        Assert.That(response.Text, Is.EqualTo("done"));
        Assert.That(response.Results().Select(static result => result.Result?.ToString()), Has.Exactly(2).Contains("waits for a person's approval"));
        Assert.That(host.Tools.Runs, Is.EqualTo(["read A-1"]));

        options.ConversationId = response.ConversationId;
        Assert.That((await client.AskAsync(streaming, [new(ChatRole.User, "Thanks.")], options)).Text, Is.EqualTo("done"));
    }

    [Test]
    public async Task Refused_InABatch_KeepsTheConversation([Values] bool streaming)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = static request => request.ToolName == "refund" ? TestEnforcer.Block("no") : TestEnforcer.Allow;
        var model = new ServiceModel(Calls(Call("c1", "refund", ("order", "A-1")), Call("c2", "read_order", ("order", "A-1")), Call("c3", "unknown")));
        var response = await host.Client(model).AskAsync(streaming, [new(ChatRole.User, "Refund.")], Options(host));
        Assert.That(response.Text, Is.EqualTo("done"));
        Assert.That(host.Tools.Runs, Is.EqualTo(["read A-1"]));
    }

    private static ChatOptions Options(ShopHost host) => new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] };

    private static ShopHost HoldsRefunds()
    {
        var host = new ShopHost();
        host.Enforcer.Decide = request => request.ToolName == "refund" ? host.Enforcer.Hold() : TestEnforcer.Allow;
        return host;
    }
}
