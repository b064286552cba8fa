using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>A model that first says contents of its own objects, in arrays that cannot change, then "done".</summary>
internal sealed class FixedModel(AIContent[] first, AIContent[]? results = null) : IChatClient
{
    private int _count;

    public IReadOnlyList<AIContent> Said => first;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<ChatMessage> said = _count++ > 0 ? [new(ChatRole.Assistant, "done")] : [new(ChatRole.Assistant, first)];
        if (results is not null && _count == 1)
        {
            said.Add(new(ChatRole.Tool, results));
        }

        return Task.FromResult(new ChatResponse(said));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        if (_count++ > 0)
        {
            yield return new(ChatRole.Assistant, "done");
            yield break;
        }

        yield return new(ChatRole.Assistant, first) { MessageId = "m1" };
        if (results is not null)
        {
            yield return new(ChatRole.Tool, results) { MessageId = "m2" };
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
