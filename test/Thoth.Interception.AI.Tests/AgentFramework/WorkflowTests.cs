using Microsoft.Agents.AI;
using Microsoft.Agents.AI.Workflows;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests.AgentFramework;

/// <summary>Workflows in process: each function is decided, a request comes out and its response resumes the held call.</summary>
[TestFixture]
public class WorkflowTests
{
    [Test]
    public async Task Sequential_IsDecided_InTheCallersSession([Values] bool events, [Values] bool blocked)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = request => blocked && request.ToolName == "refund" ? TestEnforcer.Block("No refunds.") : TestEnforcer.Allow;
        var one = new ScriptedModel(Calls(Call("c1", "read_order", ("order", "A-1"))), Says("It is A-1."));
        var two = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 7))), Says("Refunded."));
        var workflow = AgentWorkflowBuilder.BuildSequential(Agent(host, one, "reader"), Agent(host, two, "payer"));
        List<string> errors;
        using (host.Get<IThothSessions>().GetOrStart("conversation-1").Enter())
        {
            errors = await RunAsync(workflow, events, static _ => null);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(errors, Is.Empty);
            Assert.That(host.Tools.Runs, Is.EqualTo(blocked ? ["read A-1"] : new[] { "read A-1", "refund A-1 7" }));
            Assert.That(host.Enforcer.Requests.Select(static request => request.Context.SessionId), Is.EqualTo(["conversation-1", "conversation-1"]));
        }
    }

    [Test]
    public async Task Held_ComesOutAsARequest_AndItsResponseResumesIt([Values] bool events, [Values] bool approve, [Values] bool entered)
    {
        await using var host = HoldsRefunds();
        using var session = entered ? host.Get<IThothSessions>().Start() : null;
        var model = new ScriptedModel(Calls(Call("c0", "read_order", ("order", "A-1")), Call("c1", "refund", ("order", "A-1"), ("amount", 7))));
        var last = new ScriptedModel(Says("The end."));
        var workflow = AgentWorkflowBuilder.BuildSequential(Agent(host, model, "payer"), Agent(host, last, "closer"));
        var asked = 0;
        var errors = await RunAsync(workflow, events, request =>
        {
            asked++;
            host.Enforcer.Answer("hold-1", approve);
            return request.CreateResponse(approve);
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(errors, Is.Empty);
            Assert.That(asked, Is.EqualTo(1));
            Assert.That(host.Tools.Runs, Is.EqualTo(approve ? ["read A-1", "refund A-1 7"] : new[] { "read A-1" }));
            Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
            Assert.That(last.Prompts, Has.Count.EqualTo(1), "the workflow ends");
        }
    }

    /// <summary>Pitfall 3: a second request for the same call makes the workflow fail, so the model is told.</summary>
    [Test]
    public async Task Held_AndStillPendingAfterTheHostsYes_IsTold([Values] bool events)
    {
        await using var host = HoldsRefunds();
        var model = new ScriptedModel(Calls(Call("c1", "refund", ("order", "A-1"))));
        var asked = 0;
        var errors = await RunAsync(AgentWorkflowBuilder.BuildSequential(Agent(host, model, "payer")), events, request =>
        {
            asked++;
            return request.CreateResponse(approved: true);
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(errors, Is.Empty);
            Assert.That(asked, Is.EqualTo(1));
            Assert.That(host.Tools.Runs, Is.Empty);
            Assert.That(
                model.Prompts[^1].SelectMany(static message => message.Contents).OfType<FunctionResultContent>().Single().Result?.ToString(),
                Does.Contain("waits for a person's approval"));
        }
    }

    [Test]
    public async Task HandOff_IsDecided_AndAHeldCallDoesNotRunUnasked([Values] bool events, [Values] bool approve)
    {
        await using var host = HoldsRefunds();
        var triage = new HandOffModel();
        var payer = new ScriptedModel(Calls(Call("c0", "read_order", ("order", "A-1")), Call("c1", "refund", ("order", "A-1"), ("amount", 7))));
        var first = Agent(host, triage, "triage", static options => options.AllowUngoverned("handoff_to_1", "The workflow runs it."));
        var second = Agent(host, payer, "payer", static options => options.AllowUngoverned("handoff_to_1", "The workflow runs it."));
        var workflow = AgentWorkflowBuilder.CreateHandoffBuilderWith(first).WithHandoff(first, second, "pays").Build();
        var asked = 0;
        var errors = await RunAsync(workflow, events, request =>
        {
            asked++;
            host.Enforcer.Answer("hold-1", approve);
            return request.CreateResponse(approve);
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(errors, Is.Empty);
            Assert.That(triage.Tools, Is.EqualTo(["handoff_to_1"]).Or.Contains("handoff_to_1"));
            Assert.That(host.Enforcer.Requests.Select(static request => request.ToolName), Is.EqualTo(["read_order", "refund"]));
            Assert.That(asked, Is.EqualTo(1));
            Assert.That(host.Tools.Runs, Is.EqualTo(approve ? ["read A-1", "refund A-1 7"] : new[] { "read A-1" }));
        }
    }

    [Test]
    public async Task Checkpoint_InAnotherProcess_ContinuesTheHeldCall([Values] bool approve)
    {
        var store = new SharedHeldCallStore();
        var enforcer = new TestEnforcer();
        enforcer.Decide = _ => enforcer.Hold();
        var checkpoints = CheckpointManager.CreateInMemory();
        CheckpointInfo? checkpoint = null;
        await using (var host = Host())
        {
            await using var run = await InProcessExecution.RunStreamingAsync(Workflow(host, new(Calls(Call("c1", "refund", ("order", "A-1"), ("amount", 7))))), new List<ChatMessage> { new(ChatRole.User, "Refund.") }, checkpoints);
            await run.TrySendMessageAsync(new TurnToken(emitEvents: false));
            await foreach (var e in run.WatchStreamAsync(blockOnPendingRequest: false))
            {
                checkpoint = e is SuperStepCompletedEvent { CompletionInfo.Checkpoint: { } made } ? made : checkpoint;
            }
        }

        enforcer.Answer("hold-1", approve);
        await using var second = Host();
        List<string> errors = [];
        await using var resumed = await InProcessExecution.ResumeStreamingAsync(Workflow(second, new()), checkpoint!, checkpoints);
        await foreach (var e in resumed.WatchStreamAsync())
        {
            if (e is RequestInfoEvent asked && asked.Request.TryGetDataAs<ToolApprovalRequestContent>(out var request))
            {
                await resumed.SendResponseAsync(asked.Request.CreateResponse(request.CreateResponse(approved: true)));
            }
            else if (e is WorkflowErrorEvent or ExecutorFailedEvent)
            {
                errors.Add(e.ToString());
            }
        }

        Assert.That(errors, Is.Empty);
        Assert.That(second.Tools.Runs, Is.EqualTo(approve ? ["refund A-1 7"] : Array.Empty<string>()));
        Assert.That(enforcer.Requests, Has.Count.EqualTo(1));

        ShopHost Host() => new(thoth => thoth.UseEnforcer(enforcer), services => services.AddSingleton<IHeldCallStore>(store));

        static Workflow Workflow(ShopHost host, ScriptedModel model) => AgentWorkflowBuilder.BuildSequential(Agent(host, model, "payer", id: "payer-1"));
    }

    private static async Task<List<string>> RunAsync(Workflow workflow, bool events, Func<ToolApprovalRequestContent, ToolApprovalResponseContent?> answer)
    {
        List<string> errors = [];
        await using var run = await InProcessExecution.RunStreamingAsync(workflow, new List<ChatMessage> { new(ChatRole.User, "Refund it.") });
        await run.TrySendMessageAsync(new TurnToken(emitEvents: events));
        await foreach (var e in run.WatchStreamAsync())
        {
            if (e is RequestInfoEvent asked && asked.Request.TryGetDataAs<ToolApprovalRequestContent>(out var request) && answer(request) is { } response)
            {
                await run.SendResponseAsync(asked.Request.CreateResponse(response));
            }
            else if (e is WorkflowErrorEvent or ExecutorFailedEvent)
            {
                errors.Add(e.ToString());
            }
        }

        return errors;
    }

    private static AIAgent Agent(ShopHost host, IChatClient model, string name, Action<ThothChatClientOptions>? options = null, string? id = null) => model.AsBuilder().UseThoth(options)
        .BuildAIAgent(
            new ChatClientAgentOptions
            {
                Id = id,
                Name = name,
                Description = name,
                DisableApprovalNotRequiredFunctionBypassing = true,
                ChatOptions = new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>()] },
            },
            services: host.Services)
        .AsBuilder().UseThoth().Build(host.Services);

    private static ShopHost HoldsRefunds()
    {
        var host = new ShopHost();
        host.Enforcer.Decide = request => request.ToolName == "refund" ? host.Enforcer.Hold() : TestEnforcer.Allow;
        return host;
    }
}
