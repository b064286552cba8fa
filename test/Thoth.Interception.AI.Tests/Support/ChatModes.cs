using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>The two ways to ask a chat client.</summary>
internal static class ChatModes
{
    /// <summary>Gets the complete response, streamed or not.</summary>
    public static Task<ChatResponse> AskAsync(
        this IChatClient client, bool streaming, IEnumerable<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken = default) =>
        streaming
            ? client.GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken)
            : client.GetResponseAsync(messages, options, cancellationToken);

    public static ToolApprovalRequestContent[] Requests(this ChatResponse response) =>
        [.. response.Messages.SelectMany(static message => message.Contents).OfType<ToolApprovalRequestContent>()];

    public static FunctionResultContent[] Results(this ChatResponse response) =>
        [.. response.Messages.SelectMany(static message => message.Contents).OfType<FunctionResultContent>()];
}
