using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>
/// A model whose service keeps the history. A request brings only what is new, and is refused if the stored calls lack a result.
/// </summary>
/// <param name="script">What the model says.</param>
internal sealed class ServiceModel(params ChatMessage[] script) : IChatClient
{
    private readonly Queue<ChatMessage> _script = new(script);
    private readonly Dictionary<string, List<ChatMessage>> _conversations = [];

    public List<ChatMessage> Stored => _conversations.Values.Single();

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (id, message) = Next(messages, options);
        return Task.FromResult(new ChatResponse(message) { ConversationId = id });
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (id, message) = Next(messages, options);
        await Task.Yield();
        foreach (var content in message.Contents)
        {
            yield return new(message.Role, [content]) { MessageId = message.MessageId, ConversationId = id };
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private (string Id, ChatMessage Message) Next(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var id = options?.ConversationId ?? "conversation-1";
        var stored = _conversations.TryGetValue(id, out var known) ? known
            : options?.ConversationId is null ? _conversations[id] = []
            : throw new InvalidPromptException("no such conversation");
        List<ChatMessage> prompt = [.. stored, .. messages];
        PromptRules.Check(prompt);
        var next = _script.TryDequeue(out var message) ? message : new(ChatRole.Assistant, "done");
        stored.Clear();
        stored.AddRange(prompt);
        stored.Add(next);
        return (id, new ChatMessage(next.Role, [.. next.Contents]) { MessageId = Guid.NewGuid().ToString("N") });
    }
}
