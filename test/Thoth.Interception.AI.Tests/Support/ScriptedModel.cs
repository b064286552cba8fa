using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>A model that says what a test scripted, turn by turn, and refuses a prompt that a provider would refuse.</summary>
internal sealed class ScriptedModel(params ChatMessage[] script) : IChatClient
{
    private readonly Queue<ChatMessage> _script = new(script);

    /// <summary>Gets the prompts, as they were sent.</summary>
    public List<List<ChatMessage>> Prompts { get; } = [];

    public static ChatMessage Calls(params FunctionCallContent[] calls) => new(ChatRole.Assistant, [.. calls]);

    public static ChatMessage Says(string text) => new(ChatRole.Assistant, text);

    public static FunctionCallContent Call(string id, string name, params (string Name, object? Value)[] arguments) =>
        new(id, name, arguments.ToDictionary(static argument => argument.Name, static argument => argument.Value));

    public void Add(params ChatMessage[] messages)
    {
        foreach (var message in messages)
        {
            _script.Enqueue(message);
        }
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ChatResponse(Next(messages)) { ConversationId = options?.ConversationId, ModelId = "scripted" });

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var message = Next(messages);
        await Task.Yield();
        foreach (var content in message.Contents)
        {
            yield return new ChatResponseUpdate(message.Role, [content]) { MessageId = message.MessageId, ConversationId = options?.ConversationId };
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private ChatMessage Next(IEnumerable<ChatMessage> messages)
    {
        List<ChatMessage> prompt = [.. messages];
        Prompts.Add(prompt);
        PromptRules.Check(prompt);
        var next = _script.TryDequeue(out var message) ? message : Says("done");
        return new ChatMessage(next.Role, [.. next.Contents]) { MessageId = Guid.NewGuid().ToString("N") };
    }
}
