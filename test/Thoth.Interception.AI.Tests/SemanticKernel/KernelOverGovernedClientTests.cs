using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Thoth.Interception.AI.Tests.Support;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests.SemanticKernel;

[TestFixture]
public class KernelOverGovernedClientTests
{
    /// <summary>Semantic Kernel over a client with UseThoth: it knows no approval requests.</summary>
    [Test]
    public async Task Kernel_OverAClientWithUseThoth_TellsOfAHeldCall([Values] bool tell)
    {
        await using var host = new ShopHost();
        host.Enforcer.Decide = _ => host.Enforcer.Hold();
        var model = new ScriptedModel(Calls(Call("c1", "orders_refund", ("order", "A-1"))));
        var builder = Kernel.CreateBuilder();
        builder.Plugins.Add(host.Services.GetGovernedPlugin<IShopTools>("orders"));
        builder.Services.AddSingleton<IChatCompletionService>(_ =>
            host.Client(model, options => options.WhenHeld = tell ? HeldFunctionMode.Tell : HeldFunctionMode.Ask).AsChatCompletionService());
        var kernel = builder.Build();
        var answer = await kernel.GetRequiredService<IChatCompletionService>().GetChatMessageContentsAsync(
            new ChatHistory("Refund."), new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() }, kernel);

        TestContext.Out.WriteLine(string.Join("|", answer.Select(static message => $"{message.Role} {message.Content} {string.Join(",", message.Items.Select(static item => item.GetType().Name))}")));
        Assert.That(host.Tools.Runs, Is.Empty);
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(model.Prompts, Has.Count.EqualTo(tell ? 2 : 1));
    }
}
