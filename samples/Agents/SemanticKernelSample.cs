using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Agents;

/// <summary>Semantic Kernel: each function of the kernel is decided, for a model and for your own code.</summary>
internal static class SemanticKernelSample
{
    public static async Task<string> RunAsync(IChatClient model, IServiceProvider provider)
    {
        var builder = Kernel.CreateBuilder().AddThoth(provider);
        builder.Plugins.Add(provider.GetGovernedPlugin<IOrderTools>("orders"));
        builder.Services.AddSingleton(model.AsBuilder().UseKernelFunctionInvocation().Build().AsChatCompletionService());
        var kernel = builder.Build();

        var answer = await kernel.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync(
            new ChatHistory("My lamp from order A-1001 arrived broken."),
            new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() },
            kernel);
        return answer.Content ?? "";
    }
}
