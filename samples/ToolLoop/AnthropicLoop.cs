using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;
using ToolLoops.Tools;

namespace ToolLoops;

/// <summary>A tool loop with the official client of Anthropic.</summary>
internal sealed class AnthropicLoop(IAnthropicClient client, string model, GovernedTools tools) : IToolLoop
{
    private const int MaxRounds = 10;

    private readonly List<MessageParam> _messages = [];
    private readonly List<ToolUnion> _tools = [.. ShopTools.All.Select(Describe)];

    public async Task<string> TurnAsync(string request, CancellationToken cancellationToken)
    {
        // Calls that were held in an earlier turn run now if they were approved. The model reads what became of them.
        foreach (var outcome in await tools.ResumeAsync(cancellationToken))
        {
            _messages.Add(new UserMessageParam(outcome));
        }

        _messages.Add(new UserMessageParam(request));
        for (var round = 0; round < MaxRounds; round++)
        {
            var message = await client.Messages.Create(
                new() { Model = model, MaxTokens = 1024, System = ShopTools.Instructions, Messages = [.. _messages], Tools = _tools },
                cancellationToken);
            _messages.Add(new AssistantMessageParam(message.Content.Select(block => new ContentBlockParam(block.Json)).ToList()));

            List<ContentBlockParam> results = [];
            foreach (var block in message.Content)
            {
                if (block.TryPickToolUse(out var call))
                {
                    var text = await tools.CallAsync(call.Name, call.Input, call.ID, cancellationToken);
                    results.Add(new ToolResultBlockParam(call.ID) { Content = text });
                }
            }

            if (results.Count == 0)
            {
                return string.Concat(message.Content.Select(block => block.TryPickText(out var text) ? text.Text : ""));
            }

            _messages.Add(new UserMessageParam(results));
        }

        return "The model called tools without an end.";
    }

    private static ToolUnion Describe(ShopTool tool) => new Tool
    {
        Name = tool.Name,
        Description = tool.Description,
        InputSchema = InputSchema.FromRawUnchecked(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(tool.Schema)!),
    };
}
