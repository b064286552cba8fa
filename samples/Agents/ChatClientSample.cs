using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception;

namespace Agents;

/// <summary>Microsoft.Extensions.AI: the chat client decides each function before it invokes it.</summary>
internal static class ChatClientSample
{
    public static async Task<string> RunAsync(IServiceProvider provider, IChatClient chat, Func<ToolApprovalRequestContent, Task<bool>> askAsync)
    {
        using var session = provider.GetRequiredService<IThothSessions>().Start();
        var options = new ChatOptions { Tools = [.. provider.GetGovernedFunctions<IOrderTools>()] };
        List<ChatMessage> history = [new(ChatRole.User, "My lamp from order A-1001 arrived broken.")];
        while (true)
        {
            var response = await chat.GetResponseAsync(history, options);
            history.AddMessages(response);
            var requests = response.Messages.SelectMany(message => message.Contents).OfType<ToolApprovalRequestContent>().ToList();
            if (requests.Count == 0)
            {
                return response.Text;
            }

            foreach (var request in requests)
            {
                history.Add(new(ChatRole.User, [request.CreateResponse(await askAsync(request))]));
            }
        }
    }
}
