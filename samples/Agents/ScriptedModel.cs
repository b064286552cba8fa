using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Agents;

/// <summary>Stands for a model, so that the sample needs no key: it reads the order, refunds 250 euros, tries to delete the order, and sums up.</summary>
internal sealed class ScriptedModel(string prefix = "") : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var results = messages.SelectMany(static message => message.Contents).OfType<FunctionResultContent>().ToArray();
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, Next(results))));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private IList<AIContent> Next(FunctionResultContent[] results) => results.Length switch
    {
        0 => [Call("c1", "read_order")],
        1 => [Call("c2", "refund", ("amount", 250m)), Call("c3", "delete_order")],
        _ => [new TextContent($"This is what happened: {string.Join(" | ", results.Select(static result => result.Result))}")],
    };

    private FunctionCallContent Call(string id, string name, params (string Name, object? Value)[] more) =>
        new(id, prefix + name, more.Prepend(("order", "A-1001")).ToDictionary(static argument => argument.Item1, static argument => argument.Item2));
}
