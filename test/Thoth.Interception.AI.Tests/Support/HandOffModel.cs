using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>A model that hands each conversation off with the first tool for that.</summary>
internal sealed class HandOffModel : IChatClient
{
    public List<string> Tools { get; } = [];

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ChatResponse(Next(options)));

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        var message = Next(options);
        yield return new(message.Role, message.Contents) { MessageId = Guid.NewGuid().ToString("N") };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private ChatMessage Next(ChatOptions? options)
    {
        Tools.AddRange(options?.Tools?.Select(static tool => tool.Name) ?? []);
        var name = Tools.Find(static tool => tool.StartsWith("handoff", StringComparison.Ordinal))!;
        return new(ChatRole.Assistant, [new FunctionCallContent("h1", name, new Dictionary<string, object?> { ["reasonForHandoff"] = "pay" })]);
    }
}
