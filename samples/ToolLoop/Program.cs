using System.ClientModel;
using Anthropic;
using Anthropic.Exceptions;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;
using OpenAI.Chat;
using Thoth.Interception;
using Thoth.Interception.LocalPolicy;
using ToolLoops;
using ToolLoops.Servers;
using ToolLoops.Tools;

var (run, error) = RunOptions.Parse(args);
if (run is null)
{
    await Console.Error.WriteLineAsync(error);
    return 2;
}

var transcript = new Transcript();
var approver = new Approver(transcript, run.Ask);
var services = new ServiceCollection();
services.AddThoth(options =>
{
    options.TenantId = "acme";
    options.AgentId = "shop-agent";
    options.StepUp.PollInterval = TimeSpan.FromMilliseconds(50);
}).UseLocalPolicy("thoth.policy.json").UseApprover(approver);
await using var provider = services.BuildServiceProvider();

try
{
    if (run.OpenAi)
    {
        var (key, model) = (Variable("OPENAI_API_KEY"), Variable("OPENAI_MODEL") ?? "gpt-5.1");
        await using var server = key is null ? await OpenAiServer.StartAsync() : null;
        var options = server is null ? new OpenAIClientOptions() : new OpenAIClientOptions { Endpoint = new Uri(server.Address, "v1") };
        var client = new ChatClient(model, new ApiKeyCredential(key ?? "no-key"), options);
        await ConverseAsync("OpenAI", model, server, tools => new OpenAiLoop(client, tools));
    }

    if (run.Anthropic)
    {
        var (key, model) = (Variable("ANTHROPIC_API_KEY"), Variable("ANTHROPIC_MODEL") ?? "claude-sonnet-5");
        await using var server = key is null ? await AnthropicServer.StartAsync() : null;
        using var client = server is null
            ? new AnthropicClient { ApiKey = key }
            : new AnthropicClient { ApiKey = "no-key", BaseUrl = server.Address.ToString() };
        await ConverseAsync("Anthropic", model, server, tools => new AnthropicLoop(client, model, tools));
    }

    return 0;
}
catch (Exception e) when (e is ClientResultException or AnthropicException or HttpRequestException or AggregateException or PolicyLoadException)
{
    await Console.Error.WriteLineAsync($"The conversation cannot go on. {e.Message}");
    return 1;
}

// A conversation of three turns. The approver answers between the second and the third.
async Task ConverseAsync(string name, string model, ScriptedServer? server, Func<GovernedTools, IToolLoop> start)
{
    transcript.Begin(name, model, server is null ? "the provider's own server" : $"scripted at {server.Address}");
    var tools = new GovernedTools(
        provider.GetRequiredService<IToolGovernor>(), provider.GetRequiredService<IThothHolds>(), new ShopTools(transcript), transcript);
    var loop = start(tools);
    await TurnAsync(Requests.Export);
    await TurnAsync(Requests.Refunds);
    await approver.WorkAsync(tools.HeldCount, CancellationToken.None);
    await tools.WaitAsync(CancellationToken.None);
    await TurnAsync(Requests.News);

    // As in a web application, each turn enters the session of its conversation.
    async Task TurnAsync(string request)
    {
        using var session = provider.GetRequiredService<IThothSessions>().GetOrStart($"conversation-{name}").Enter();
        transcript.UserSays(request);
        transcript.ModelSays(await loop.TurnAsync(request, CancellationToken.None));
    }
}

static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
