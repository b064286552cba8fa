using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>A host's side of one conversation: it keeps the history and answers requests.</summary>
internal sealed class Conversation(IChatClient client, bool streaming, ChatOptions options)
{
    public List<ChatMessage> History { get; private set; } = [new(ChatRole.User, "Help me.")];

    public ChatOptions Options { get; } = options;

    public static Conversation Of(ShopHost host, IChatClient client, bool streaming, params AITool[] more) =>
        new(client, streaming, new() { Tools = [.. host.Services.GetGovernedFunctions<IShopTools>(), .. more] });

    public async Task<ChatResponse> SendMessagesAsync(params ChatMessage[] messages)
    {
        History.AddRange(messages);
        var response = await client.AskAsync(streaming, History, Options);
        History.AddMessages(response);
        return response;
    }

    public Task<ChatResponse> SendAsync(params AIContent[] contents) =>
        contents.Length == 0 ? SendMessagesAsync() : SendMessagesAsync(new ChatMessage(ChatRole.User, contents));

    /// <summary>Stores the history as JSON and reads it again, as a web application does between two requests.</summary>
    public void ThroughJson() => History = JsonSerializer.Deserialize<List<ChatMessage>>(JsonSerializer.Serialize(History, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)!;
}
