using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.AI;

namespace Agents;

/// <summary>Microsoft Agent Framework: each AgentSession is a session of its own.</summary>
internal static class AgentFrameworkSample
{
    public static AIAgent Build(IChatClient model, IServiceProvider provider) =>
        model.AsBuilder().UseThoth(options => options.ApprovalAuthority = ApprovalAuthority.Host)
            .BuildAIAgent(
                new ChatClientAgentOptions
                {
                    Name = "support",
                    DisableApprovalNotRequiredFunctionBypassing = true,
                    ChatOptions = new() { Tools = [.. provider.GetGovernedFunctions<IOrderTools>()] },
                },
                services: provider)
            .AsBuilder().UseThoth().Build(provider);

    public static AIAgent Existing(AIAgent agent, IServiceProvider provider) =>
        agent.AsBuilder().UseThoth().Build(provider);   // held calls are told, not asked

    public static async Task<string> RunAsync(AIAgent agent, Func<ToolApprovalRequestContent, Task<bool>> askAsync)
    {
        var session = await agent.CreateSessionAsync();
        var response = await agent.RunAsync("My lamp from order A-1001 arrived broken.", session);
        while (response.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().ToList() is { Count: > 0 } requests)
        {
            List<AIContent> answers = [];
            foreach (var request in requests)
            {
                answers.Add(request.CreateResponse(await askAsync(request)));
            }

            response = await agent.RunAsync(new ChatMessage(ChatRole.User, answers), session);
        }

        return response.Text;
    }
}
