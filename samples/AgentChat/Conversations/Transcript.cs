using Microsoft.Extensions.AI;

namespace AgentChat.Conversations;

/// <summary>Makes the transcript of a conversation from its messages and the decisions about its calls.</summary>
internal static class Transcript
{
    public static IReadOnlyList<Entry> Of(IReadOnlyList<ChatMessage> messages, IReadOnlyDictionary<string, DecidedCall> decided)
    {
        var contents = messages.SelectMany(static message => message.Contents).ToList();
        var results = contents.OfType<FunctionResultContent>().ToLookup(static result => result.CallId);
        var answered = contents.OfType<ToolApprovalResponseContent>().Select(static answer => answer.RequestId).ToHashSet(StringComparer.Ordinal);
        var entries = new List<Entry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            foreach (var content in message.Contents)
            {
                switch (content)
                {
                    case TextContent { Text.Length: > 0 } text when message.Role == ChatRole.User || message.Role == ChatRole.Assistant:
                        entries.Add(new Entry.Text(message.Role == ChatRole.User, text.Text));
                        break;
                    case FunctionCallContent call when seen.Add(call.CallId):
                        entries.Add(CallOf(call, null));
                        break;

                    // A call that was held comes twice: in its request, and after the answer as a call.
                    case ToolApprovalRequestContent { ToolCall: FunctionCallContent call } request when seen.Add(call.CallId):
                        entries.Add(CallOf(call, answered.Contains(request.RequestId) ? null : request));
                        break;
                }
            }
        }

        return entries;

        Entry.Call CallOf(FunctionCallContent call, ToolApprovalRequestContent? open) => new(call)
        {
            Read = results[call.CallId].FirstOrDefault()?.Result?.ToString(),
            Open = open,
            Decided = decided.GetValueOrDefault(call.CallId),
        };
    }
}
