using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentChat.Models;

/// <summary>
/// Plays the support case without a network. Like a real model it knows only the prompt: it finds the newest request in it, and how many
/// of its steps it has done.
/// </summary>
internal sealed class ScriptedModel : IChatClient
{
    private const string Unknown =
        "I am a script and know four requests only: a refund, a mail to the customer, an export of the contacts, and the courier's letter.";

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ChatResponse(Next([.. messages])) { ModelId = "scripted" });

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var message = Next([.. messages]);
        await Task.Yield();
        yield return new ChatResponseUpdate(message.Role, message.Contents) { MessageId = Guid.NewGuid().ToString("N"), ModelId = "scripted" };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static ChatMessage Next(List<ChatMessage> prompt)
    {
        var request = prompt.FindLastIndex(static message => message.Role == ChatRole.User && message.Text.Length > 0);
        if (request < 0 || SceneOf(prompt[request].Text) is not { } scene)
        {
            return new ChatMessage(ChatRole.Assistant, Unknown);
        }

        // A step is one message of the model, or several in a row: a held call becomes a message of its own.
        var after = prompt[request..];
        var done = after.Where((message, index) => index > 0 && message.Role == ChatRole.Assistant && after[index - 1].Role != ChatRole.Assistant).Count();
        var result = prompt.SelectMany(static message => message.Contents).OfType<FunctionResultContent>().LastOrDefault()?.Result?.ToString() ?? "";
        return done < scene.Steps.Count
            ? new ChatMessage(ChatRole.Assistant, Numbered(scene.Steps[done](result), prompt))
            : new ChatMessage(ChatRole.Assistant, "That is all.");
    }

    private static Scene? SceneOf(string text) =>
        SupportCase.Scenes.FirstOrDefault(scene => scene.Request == text)
        ?? SupportCase.Scenes.FirstOrDefault(scene => text.Contains(scene.Keyword, StringComparison.OrdinalIgnoreCase));

    private static IList<AIContent> Numbered(IList<AIContent> contents, List<ChatMessage> prompt)
    {
        var number = prompt.SelectMany(static message => message.Contents).OfType<FunctionCallContent>().Count();
        return [.. contents.Select(content => content is FunctionCallContent call ? new FunctionCallContent($"call_{++number}", call.Name, call.Arguments) : content)];
    }
}
