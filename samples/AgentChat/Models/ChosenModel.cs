using System.ClientModel;
using Anthropic;
using Microsoft.Extensions.AI;
using OpenAI;

namespace AgentChat.Models;

/// <summary>The model that the environment variables choose: scripted, an OpenAI-compatible endpoint, or Anthropic.</summary>
/// <param name="Client">The client, without governance.</param>
/// <param name="Name">The model's name for people.</param>
internal sealed record ChosenModel(IChatClient Client, string Name)
{
    public bool IsScripted => Client is ScriptedModel;

    public static ChosenModel FromEnvironment()
    {
        if (Variable("OPENAI_API_KEY") is not null || Variable("OPENAI_BASE_URL") is not null)
        {
            var options = new OpenAIClientOptions();
            if (Variable("OPENAI_BASE_URL") is { } address)
            {
                options.Endpoint = new Uri(address);
            }

            // A model on your own machine needs no key, but the client wants one.
            var client = new OpenAIClient(new ApiKeyCredential(Variable("OPENAI_API_KEY") ?? "none"), options);
            var model = Variable("OPENAI_MODEL") ?? "gpt-4.1-mini";
            return new ChosenModel(client.GetChatClient(model).AsIChatClient(), model);
        }

        if (Variable("ANTHROPIC_API_KEY") is { } key)
        {
            var model = Variable("ANTHROPIC_MODEL") ?? "claude-sonnet-4-5";
            return new ChosenModel(new AnthropicClient { ApiKey = key }.AsIChatClient(model, 2_000), model);
        }

        return new ChosenModel(new ScriptedModel(), "scripted model");
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value : null;
}
