using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests;

/// <summary>Turns that end early, fail, run beside each other, or reach a limit of the function loop.</summary>
[TestFixture]
public class TurnTests
{
    private static readonly ChatMessage s_user = new(ChatRole.User, "Help me.");

    [Test]
    public async Task Consumer_ThatStopsHalfWay_LeavesNothingRunning_AndTheClientWorks([Values(0, 1, 2)] int updates)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(
            new ChatMessage(ChatRole.Assistant, [new TextContent("Let me see. "), Call("c1", "read_order", ("order", "A-1")), Call("c2", "refund", ("order", "A-1"))]),
            Calls(Call("c3", "read_order", ("order", "A-2"))));
        var client = host.Client(model);
        var options = Options(host);
        var seen = 0;
        await foreach (var update in client.GetStreamingResponseAsync([s_user], options))
        {
            if (seen++ == updates)
            {
                break;
            }
        }

        var started = host.Tools.Runs.Count;
        Assert.That(started, Is.EqualTo(updates == 0 ? 0 : 1), "nothing runs before the consumer asks for more");
        var second = await client.AskAsync(true, [s_user], options);
        Assert.That(host.Tools.Runs[^1], Is.EqualTo("read A-2"));
        Assert.That(second.Text, Is.EqualTo("done"));
        Assert.That(second.Requests(), Is.Empty, "the held call of the abandoned turn is not in another one");
    }

    [Test]
    public async Task Cancelled_DuringTheDecision_RunsNothing([Values] bool streaming, [Values] bool concurrent)
    {
        var enforcer = new WaitingEnforcer();
        await using var host = new ShopHost(thoth => thoth.UseEnforcer(enforcer));
        var model = new ScriptedModel(Calls(Call("c1", "read_order", ("order", "A-1")), Call("c2", "read_order", ("order", "A-2"))));
        using var cancel = new CancellationTokenSource();
        var turn = host.Client(model, loop: loop => loop.AllowConcurrentInvocation = concurrent).AskAsync(streaming, [s_user], Options(host), cancel.Token);
        await enforcer.Asked;
        await cancel.CancelAsync();

        Assert.That(async () => await turn, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(host.Tools.Runs, Is.Empty);
        Assert.That((await host.EventsAsync()).Select(static e => e.Type), Has.None.EqualTo(BehavioralEventType.ToolCallPost));
    }

    [Test]
    public async Task Cancelled_DuringTheTool_IsAsBare([Values] bool streaming, [Values] bool governed)
    {
        await using var host = new ShopHost();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var tool = AIFunctionFactory.Create(
            async (CancellationToken token) =>
            {
                started.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                return "x";
            },
            "wait");
        using var cancel = new CancellationTokenSource();
        var turn = Client(host, new ScriptedModel(Calls(Call("c1", "wait"))), governed).AskAsync(streaming, [s_user], new() { Tools = [tool] }, cancel.Token);
        await started.Task;
        await cancel.CancelAsync();
        Assert.That(async () => await turn, Throws.InstanceOf<OperationCanceledException>());
        if (governed)
        {
            Assert.That((await host.EventsAsync()).Select(static e => e.Type), Is.EqualTo([BehavioralEventType.ToolCallPre, BehavioralEventType.ToolCallPost]));
        }
    }

    [Test]
    public async Task Exceptions_OfTools_AreHandledAsBare([Values] bool streaming, [Values] bool concurrent, [Values] bool details, [Values(1, 3, 5)] int count)
    {
        var bare = await OutcomeAsync(governed: false);
        var governed = await OutcomeAsync(governed: true);
        Assert.That(governed, Is.EqualTo(bare));

        async Task<string> OutcomeAsync(bool governed)
        {
            await using var host = new ShopHost();
            var tool = AIFunctionFactory.Create(string (string text) => throw new FormatException("The text is wrong."), "parse");
            var model = new ScriptedModel([.. Enumerable.Range(0, count).Select(static number => Calls(Call($"a{number}", "parse", ("text", "x")), Call($"b{number}", "parse", ("text", "y"))))]);
            var client = Client(host, model, governed, loop =>
            {
                loop.AllowConcurrentInvocation = concurrent;
                loop.IncludeDetailedErrors = details;
            });
            try
            {
                var response = await client.AskAsync(streaming, [s_user], new() { Tools = [tool] });
                return string.Join("|", response.Results().Select(static result => $"{result.CallId} {result.Result} {result.Exception?.GetType().Name}")) + response.Text;
            }
            catch (Exception exception)
            {
                return exception.GetType().Name + exception.Message;
            }
        }
    }

    [Test]
    public async Task Limits_OfTheLoop_AreAsBare([Values] bool streaming, [Values] bool governed, [Values] bool terminate)
    {
        await using var host = new ShopHost();
        var model = new ScriptedModel([.. Enumerable.Range(0, 6).Select(static number => Calls(Call($"c{number}", number == 2 ? "unknown" : "read_order", ("order", $"A-{number}"))))]);
        var client = Client(host, model, governed, loop =>
        {
            loop.MaximumIterationsPerRequest = 4;
            loop.TerminateOnUnknownCalls = terminate;
        });
        var response = await client.AskAsync(streaming, [s_user], Options(host));
        var calls = response.Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>().Select(static call => call.CallId);
        Assert.That(calls, Is.EqualTo(terminate ? ["c0", "c1", "c2"] : new[] { "c0", "c1", "c2", "c3", "c4" }));
        Assert.That(host.Tools.Runs, Is.EqualTo(terminate ? ["read A-0", "read A-1"] : new[] { "read A-0", "read A-1", "read A-3" }));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(host.Tools.Runs.Count));
    }

    [Test]
    public async Task Held_AtTheLastIteration_IsAskedAndResumed([Values] bool streaming)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"))));
        var chat = Conversation.Of(host, host.Client(model, loop: static loop => loop.MaximumIterationsPerRequest = 1), streaming);
        var request = (await chat.SendAsync()).Requests().Single();
        host.Enforcer.Answer("hold-1", approve: true);
        Assert.That((await chat.SendAsync(request.CreateResponse(approved: true))).Text, Is.EqualTo("done"));
        Assert.That(host.Tools.Runs, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task UnknownCall_InABatchWithAHeldOne_IsAskedAndStaysValid([Values] bool streaming, [Values] bool concurrent)
    {
        await using var host = HoldsRefunds();
        using var session = host.Get<IThothSessions>().Start();
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1")), Call("c2", "unknown"), Call("c3", "other")));
        var chat = Conversation.Of(host, host.Client(model, loop: loop => loop.AllowConcurrentInvocation = concurrent), streaming);
        var request = (await chat.SendAsync()).Requests().Single();
        Assert.That(model.Prompts, Has.Count.EqualTo(1));
        host.Enforcer.Answer("hold-1", approve: true);
        await chat.SendAsync(request.CreateResponse(approved: true));
        Assert.That(host.Tools.Runs, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Function_ThatIsAddedInTheLoop_IsHeldAndResumed([Values] bool streaming)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request => request.ToolName == "added" ? host.Enforcer.Hold() : TestEnforcer.Allow;
        using var session = host.Get<IThothSessions>().Start();
        var runs = 0;
        var added = AIFunctionFactory.Create(() => Interlocked.Increment(ref runs), "added");
        var options = new ChatOptions { Tools = [] };
        options.Tools.Add(AIFunctionFactory.Create(() => options.Tools.Add(added), "adds"));
        var model = new ScriptedModel(Calls(Call("c1", "adds")), Calls(Call("c2", "added")));
        var chat = new Conversation(host.Client(model), streaming, options);
        var request = (await chat.SendAsync()).Requests().Single();
        Assert.That(runs, Is.Zero);
        host.Enforcer.Answer("hold-1", approve: true);
        await chat.SendAsync(request.CreateResponse(approved: true));
        Assert.That(runs, Is.EqualTo(1));
    }

    [Test]
    public async Task Arguments_ThatAreNull_AreDecided([Values] bool streaming, [Values("list_orders", "read_order", "lambda")] string name)
    {
        await using var host = new ShopHost();
        var model = new ScriptedModel(Calls(new FunctionCallContent("c1", name)));
        await host.Client(model).AskAsync(
            streaming, [s_user], new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>(), AIFunctionFactory.Create(static () => "x", "lambda")] });
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(name == "read_order" ? 0 : 1), "a call without its argument cannot be shown, and does not run");
        Assert.That(host.Tools.Runs, Has.Count.EqualTo(name == "list_orders" ? 1 : 0));
        Assert.That((await host.EventsAsync()).Count(static e => e.Type == BehavioralEventType.ToolCallPre), Is.EqualTo(1));
    }

    [Test]
    public async Task HundredTurns_OnOneClient_DoNotMix([Values] bool streaming, [Values] bool concurrent)
    {
        await using var host = HoldsRefunds();
        var client = host.Client(new EchoModel(), loop: loop => loop.AllowConcurrentInvocation = concurrent);
        var failures = new ConcurrentQueue<string>();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => Task.Run(() => TurnAsync(number))));

        Assert.That(failures, Is.Empty);
        Assert.That(host.Tools.Runs.Order(), Is.EqualTo(
            Enumerable.Range(0, 100).SelectMany(static number => new[] { $"read A-{number}", $"refund A-{number} {number}" }).Order()));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(200));
        foreach (var request in host.Enforcer.Requests)
        {
            Assert.That(System.Text.Encoding.UTF8.GetString(request.Arguments.Span), Does.Contain($"\"A-{request.Context.UserId}\""));
        }

        async Task TurnAsync(int number)
        {
            using var session = host.Get<IThothSessions>().Start(new() { UserId = $"{number}" });
            List<ChatMessage> history = [new(ChatRole.User, $"{number}")];
            var options = Options(host);
            var first = await client.AskAsync(streaming, history, options);
            history.AddMessages(first);
            var request = first.Requests().Single();
            var held = (await host.Get<IThothHolds>().ListAsync()).Single();
            await host.Get<IThothHolds>().ResolveAsync(held, ApprovalAnswer.Approve("ada"));
            history.Add(new(ChatRole.User, [request.CreateResponse(approved: true)]));
            var second = await client.AskAsync(streaming, history, options);
            if (second.Text != $"done {number}" || first.Results().Single().Result?.ToString() != $"read A-{number}: done")
            {
                failures.Enqueue($"{number}: {second.Text}");
            }
        }
    }

    [Test]
    public async Task Session_StartedInAnIterator_IsTheWholeTurns([Values] bool entersEachTime)
    {
        await using var host = HoldsRefunds();
        var model = new ScriptedModel(Calls(Call("c1", "read_order", ("order", "A-1"))), Calls(Call("c2", "read_order", ("order", "A-2"))), Calls(Call("c3", "refund", ("order", "A-3"))));
        var client = host.Client(model);
        ChatResponse response;
        using (host.Get<IThothSessions>().Start(new() { SessionId = "other" }))
        {
            response = await EndpointAsync().ToChatResponseAsync();
        }

        Assert.That(host.Enforcer.Requests.Select(static request => request.Context.SessionId), Is.All.EqualTo("inner").And.Exactly(3).Items);
        Assert.That(response.Requests(), Has.Length.EqualTo(1));
        Assert.That(await host.Get<IThothHolds>().ListAsync(host.Get<IThothSessions>().GetOrStart("inner")), Has.Count.LessThanOrEqualTo(1));

        // What every streaming endpoint does: the session is ambient only until the first element.
        async IAsyncEnumerable<ChatResponseUpdate> EndpointAsync([EnumeratorCancellation] CancellationToken token = default)
        {
            using var session = host.Get<IThothSessions>().Start(new() { SessionId = "inner" });
            await foreach (var update in client.GetStreamingResponseAsync([s_user], Options(host), token))
            {
                using var entered = entersEachTime ? session.Enter() : null;
                yield return update;
            }
        }
    }

    private static IChatClient Client(ShopHost host, IChatClient model, bool governed, Action<FunctionInvokingChatClient>? loop = null) =>
        governed ? host.Client(model, loop: loop) : model.AsBuilder().UseFunctionInvocation(configure: loop).Build(host.Services);

    private static ChatOptions Options(ShopHost host) => new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] };

    private static ShopHost HoldsRefunds()
    {
        var host = new ShopHost();
        host.Enforcer.Decide = request => request.ToolName == "refund" ? host.Enforcer.Hold() : TestEnforcer.Allow;
        return host;
    }
}
