using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using static Thoth.Interception.AI.Tests.Support.ScriptedModel;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>A model for many turns at once: the user's number decides the order that it reads and refunds. All turns have the same call ids.</summary>
internal sealed class EchoModel : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return new ChatResponse(Next([.. messages]));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var message = Next([.. messages]);
        foreach (var content in message.Contents)
        {
            await Task.Yield();
            yield return new(message.Role, [content]) { MessageId = message.MessageId };
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static ChatMessage Next(List<ChatMessage> prompt)
    {
        PromptRules.Check(prompt);
        var number = prompt[0].Text;
        var message = prompt.Exists(static message => message.Role == ChatRole.Tool)
            ? Says($"done {number}")
            : Calls(
                Call("c1", "read_order", ("order", $"A-{number}")),
                Call("c2", "refund", ("order", $"A-{number}"), ("amount", int.Parse(number, CultureInfo.InvariantCulture))));
        message.MessageId = Guid.NewGuid().ToString("N");
        return message;
    }
}
