using OpenAI.Chat;
using ToolLoops.Tools;

namespace ToolLoops;

/// <summary>A tool loop with the official client of OpenAI.</summary>
internal sealed class OpenAiLoop(ChatClient client, GovernedTools tools) : IToolLoop
{
    private const int MaxRounds = 10;

    private readonly List<ChatMessage> _messages = [new SystemChatMessage(ShopTools.Instructions)];
    private readonly ChatCompletionOptions _options = Options();

    public async Task<string> TurnAsync(string request, CancellationToken cancellationToken)
    {
        // Calls that were held in an earlier turn run now if they were approved. The model reads what became of them.
        foreach (var outcome in await tools.ResumeAsync(cancellationToken))
        {
            _messages.Add(new UserChatMessage(outcome));
        }

        _messages.Add(new UserChatMessage(request));
        for (var round = 0; round < MaxRounds; round++)
        {
            ChatCompletion completion = await client.CompleteChatAsync(_messages, _options, cancellationToken);
            _messages.Add(new AssistantChatMessage(completion));
            if (completion.ToolCalls.Count == 0)
            {
                return string.Concat(completion.Content.Select(part => part.Text));
            }

            foreach (var call in completion.ToolCalls)
            {
                var text = await tools.CallAsync(call.FunctionName, call.FunctionArguments.ToMemory(), call.Id, cancellationToken);
                _messages.Add(new ToolChatMessage(call.Id, text));
            }
        }

        return "The model called tools without an end.";
    }

    private static ChatCompletionOptions Options()
    {
        var options = new ChatCompletionOptions();
        foreach (var tool in ShopTools.All)
        {
            options.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.Schema)));
        }

        return options;
    }
}
