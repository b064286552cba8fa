using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests.SemanticKernel;

[TestFixture]
public class KernelTests
{
    [Test]
    public async Task Invoke_ByYourOwnCode_IsDecidedOnce_AndARefusalThrows([Values] bool overProxy, [Values] DecisionType decision)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = _ => DecisionOf(host, decision);
        var kernel = Kernel.CreateBuilder().AddThoth(host.Services).AddThoth(host.Services).Build();
        var function = Refund(host, overProxy);
        var runs = decision is DecisionType.Allow or DecisionType.Modify ? 1 : 0;
        if (runs == 1)
        {
            await kernel.InvokeAsync(function, new() { ["order"] = "A-1" });
        }
        else
        {
            Assert.That(async () => await kernel.InvokeAsync(function, new() { ["order"] = "A-1" }), Throws.InstanceOf<ThothException>());
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
            Assert.That(Encoding.UTF8.GetString(host.Enforcer.Requests[0].Arguments.Span), Is.EqualTo("""{"order":"A-1","amount":10}"""));
            Assert.That(host.Enforcer.Requests[0].ToolName, Is.EqualTo(overProxy ? "refund" : "shop_refund"));
            Assert.That(host.Tools.Runs, Is.EqualTo(Enumerable.Repeat(decision == DecisionType.Modify ? "refund A-9 3" : "refund A-1 10", runs)));
        }
    }

    [Test]
    public async Task Call_OfTheModel_IsDecidedOnce_AndARefusalIsText([Values] bool overProxy, [Values] DecisionType decision)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = _ => DecisionOf(host, decision);
        var model = new ScriptedModel(Calls(Call("c1", "shop_refund", ("order", "A-1"))));
        var builder = Kernel.CreateBuilder();
        builder.AddThoth(host.Services);
        builder.Plugins.Add(KernelPluginFactory.CreateFromFunctions("shop", [Refund(host, overProxy)]));
        builder.Services.AddSingleton<IChatCompletionService>(_ => model.AsBuilder().UseKernelFunctionInvocation().Build().AsChatCompletionService());
        var kernel = builder.Build();
        var answer = await kernel.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync(
            new ChatHistory("Help."), new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() }, kernel);

        var text = model.Prompts[^1].SelectMany(static message => message.Contents).OfType<Microsoft.Extensions.AI.FunctionResultContent>().Single().Result?.ToString();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer.Content, Is.EqualTo("done"));
            Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
            Assert.That(host.Tools.Runs, Has.Count.EqualTo(decision is DecisionType.Allow or DecisionType.Modify ? 1 : 0));
            Assert.That(text, decision is DecisionType.Allow or DecisionType.Modify ? Does.Contain("done") : (NUnit.Framework.Constraints.IResolveConstraint)Does.StartWith("Not run"));
        }
    }

    [Test]
    public async Task FunctionsOfAKernel_AsAIFunctions_AreDecidedOnceByTheClient([Values] bool streaming, [Values] bool overProxy)
    {
        await using var host = new ShopHost();
        var kernel = Kernel.CreateBuilder().AddThoth(host.Services).Build();
        var plugin = KernelPluginFactory.CreateFromFunctions("shop", [Refund(host, overProxy)]);
        var model = new ScriptedModel(Calls(Call("c1", "shop_refund", ("order", "A-1"))));
        await host.Client(model).AskAsync(streaming, [new(ChatRole.User, "Refund.")], new() { Tools = [.. plugin.AsAIFunctions(kernel)] });

        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(host.Tools.Runs, Is.EqualTo(["refund A-1 10"]));
    }

    [Test]
    public async Task Prompt_ThatNoModelCanCall_IsNoTool()
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = static _ => TestEnforcer.Block("no");
        var builder = Kernel.CreateBuilder();
        builder.AddThoth(host.Services);
        builder.Services.AddSingleton<IChatCompletionService>(_ => new ScriptedModel(Says("Hello.")).AsChatCompletionService());
        var result = await builder.Build().InvokePromptAsync("Say hello.");

        Assert.That(result.GetValue<string>(), Is.EqualTo("Hello."));
        Assert.That(host.Enforcer.Requests, Is.Empty);
    }

    [Test]
    public async Task Function_ThatWrapsAKernelFunction_IsDecidedOnce()
    {
        await using var host = new ShopHost();
        var kernel = Kernel.CreateBuilder().AddThoth(host.Services).Build();
        await kernel.InvokeAsync(((AIFunction)Refund(host, overProxy: false)).AsKernelFunction(), new() { ["order"] = "A-1" });

        Assert.That(host.Enforcer.Requests.Select(static request => request.ToolName), Is.EqualTo(["shop_refund"]));
        Assert.That(host.Tools.Runs, Is.EqualTo(["refund A-1 10"]));
    }

    [Test]
    public async Task Description_OfAFunctionOverAGovernedInterface_DoesNotMakeItTwoCalls([Values] bool overProxy)
    {
        await using var host = new ShopHost();
        var kernel = Kernel.CreateBuilder().AddThoth(host.Services, options => options.Describe = static _ => new ToolDescriptor("mine")).Build();
        await kernel.InvokeAsync(Refund(host, overProxy), new() { ["order"] = "A-1" });
        Assert.That(host.Enforcer.Requests.Select(static request => request.ToolName), Is.EqualTo([overProxy ? "refund" : "mine"]));
    }

    [Test]
    public async Task Function_ThatHandsOnOtherArguments_IsDecidedAgain()
    {
        await using var host = new ShopHost();
        var kernel = Kernel.CreateBuilder().AddThoth(host.Services).Build();
        var inner = KernelFunctionFactory.CreateFromMethod((string order) => host.Tools.ReadOrderAsync(order, default), "read").Clone("shop");
        var outer = KernelFunctionFactory.CreateFromMethod(
            async (Kernel current, KernelArguments arguments) =>
            {
                arguments["order"] = "A-2";
                return (await current.InvokeAsync(inner, arguments)).ToString();
            },
            "read").Clone("shop");
        await kernel.InvokeAsync(outer, new() { ["order"] = "A-1" });
        Assert.That(host.Enforcer.Requests.Select(static request => Encoding.UTF8.GetString(request.Arguments.Span)), Is.EqualTo(["""{"order":"A-1"}""", """{"order":"A-2"}"""]));
    }

    [Test]
    public async Task Filter_ThatIsAddedBefore_IsDecidedWithItsChanges([Values] bool before)
    {
        await using var host = new ShopHost();
        var builder = Kernel.CreateBuilder();
        if (before)
        {
            builder.Services.AddSingleton<IFunctionInvocationFilter, ChangingFilter>();
        }

        builder.AddThoth(host.Services);
        if (!before)
        {
            builder.Services.AddSingleton<IFunctionInvocationFilter, ChangingFilter>();
        }

        await builder.Build().InvokeAsync(Refund(host, overProxy: false), new() { ["order"] = "A-1" });
        Assert.That(host.Tools.Runs, Is.EqualTo(["refund A-1 70000"]));
        Assert.That(Encoding.UTF8.GetString(host.Enforcer.Requests.Single().Arguments.Span), before ? Does.Contain("70000") : Does.Not.Contain("70000"));
    }

    [Test]
    public async Task Plugin_OfAGovernedInterface_IsDecidedAsItsTools()
    {
        await using var host = new ShopHost();
        var kernel = Kernel.CreateBuilder().AddThoth(host.Services).Build();
        var plugin = host.Services.GetGovernedPlugin<IShopTools>("shop");
        await kernel.InvokeAsync(plugin["read_order"], new() { ["order"] = "A-1" });

        Assert.That(plugin["read_order"].Description, Is.EqualTo("Reads an order."));
        Assert.That(host.Enforcer.Requests.Select(static request => request.ToolName), Is.EqualTo(["read_order"]));
    }

    [Test]
    public async Task Function_ThatCallsAnother_BothAreDecided()
    {
        await using var host = new ShopHost();
        var kernel = Kernel.CreateBuilder().AddThoth(host.Services).Build();
        var inner = KernelFunctionFactory.CreateFromMethod(() => "inner", "inner");
        var outer = KernelFunctionFactory.CreateFromMethod(async (Kernel current) => (await current.InvokeAsync(inner)).ToString(), "outer");
        await kernel.InvokeAsync(outer);

        Assert.That(host.Enforcer.Requests.Select(static request => request.ToolName), Is.EqualTo(["outer", "inner"]));
    }

    private static EnforcementDecision DecisionOf(ShopHost host, DecisionType decision) => decision switch
    {
        DecisionType.Block => TestEnforcer.Block("no"),
        DecisionType.Defer => TestEnforcer.Defer(TimeSpan.FromSeconds(30)),
        DecisionType.Modify => TestEnforcer.Modify("""{"order":"A-9","amount":3}"""),
        DecisionType.StepUp => host.Enforcer.Hold(),
        _ => TestEnforcer.Allow,
    };

    private static KernelFunction Refund(ShopHost host, bool overProxy) => overProxy
        ? KernelFunctionFactory.CreateFromMethod(typeof(IShopTools).GetMethod(nameof(IShopTools.RefundAsync))!, host.Governed, "refund").Clone("shop")
        : KernelFunctionFactory.CreateFromMethod((string order, decimal amount = 10) => host.Tools.RefundAsync(order, amount), "refund").Clone("shop");

    private sealed class ChangingFilter : IFunctionInvocationFilter
    {
        public Task OnFunctionInvocationAsync(Microsoft.SemanticKernel.FunctionInvocationContext context, Func<Microsoft.SemanticKernel.FunctionInvocationContext, Task> next)
        {
            context.Arguments["amount"] = 70000m;
            return next(context);
        }
    }
}
