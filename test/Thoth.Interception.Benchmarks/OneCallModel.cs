using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Thoth.Interception.Benchmarks;

/// <summary>A model that calls one function and then answers.</summary>
internal sealed class OneCallModel : IChatClient
{
    private static readonly JsonElement s_query = JsonSerializer.SerializeToElement("castle proxies");
    private static readonly JsonElement s_limit = JsonSerializer.SerializeToElement(10);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var last = messages.Last();
        return Task.FromResult(new ChatResponse(last.Role == ChatRole.Tool
            ? new ChatMessage(ChatRole.Assistant, "done")
            : new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c1", "search_docs", new Dictionary<string, object?> { ["query"] = s_query, ["limit"] = s_limit })])));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
