using Microsoft.Extensions.AI;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>What providers demand of a prompt: each call is followed by its result before the next message of another role.</summary>
internal static class PromptRules
{
    public static void Check(IEnumerable<ChatMessage> prompt)
    {
        var open = new List<string>();
        foreach (var message in prompt)
        {
            if (message.Role != ChatRole.Tool && open.Count > 0)
            {
                throw new InvalidPromptException($"a message of '{message.Role}' comes before the results of {string.Join(", ", open)}");
            }

            foreach (var content in message.Contents)
            {
                switch (content)
                {
                    case FunctionCallContent call:
                        open.Add(call.CallId);
                        break;
                    case FunctionResultContent result when !open.Remove(result.CallId):
                        throw new InvalidPromptException($"the result of {result.CallId} has no call before it");
                    case ToolApprovalRequestContent { ToolCall: FunctionCallContent } or ToolApprovalResponseContent { ToolCall: FunctionCallContent }:
                        throw new InvalidPromptException("a provider does not know approval requests");
                }
            }
        }

        if (open.Count > 0)
        {
            throw new InvalidPromptException($"the prompt ends without the results of {string.Join(", ", open)}");
        }
    }
}
