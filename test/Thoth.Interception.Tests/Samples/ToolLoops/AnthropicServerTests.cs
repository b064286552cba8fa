using System.Net;
using System.Text;
using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using ToolLoops;
using ToolLoops.Servers;
using ToolLoops.Tools;

namespace Thoth.Interception.Tests.Samples.ToolLoops;

/// <summary>The scripted server of Anthropic with the official client: it refuses the conversations that the provider refuses.</summary>
public class AnthropicServerTests
{
    private static readonly MessageParam s_request = new UserMessageParam(Requests.Export);

    private ScriptedServer _server = null!;
    private AnthropicClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await AnthropicServer.StartAsync();
        _client = new AnthropicClient { ApiKey = "key", BaseUrl = _server.Address.ToString() };
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Conversation_WithEachResult_GoesOn()
    {
        var first = await CreateAsync(s_request);
        var second = await CreateAsync(s_request, Said(first), Results(Result("toolu_2", "exported"), Result("toolu_1", "found")));

        Assert.That(first.StopReason?.Value(), Is.EqualTo(StopReason.ToolUse));
        Assert.That(CallsOf(first).Select(call => call.Name), Is.EqualTo(["find_order", "export_customers"]));
        Assert.That(CallsOf(first)[0].Input["order"].GetString(), Is.EqualTo("A-1002"));
        Assert.That(CallsOf(second).Single().Name, Is.EqualTo("delete_customer"));
        Assert.That(CallsOf(second).Single().ID, Is.Not.AnyOf("toolu_1", "toolu_2"));
    }

    [Test]
    public async Task MissingResults_AreRefused_AndNamed()
    {
        var first = await CreateAsync(s_request);

        var none = await RefusalOfAsync(s_request, Said(first));
        var one = await RefusalOfAsync(s_request, Said(first), Results(Result("toolu_1", "found")));
        var late = await RefusalOfAsync(s_request, Said(first), new UserMessageParam("Wait."), Results(Result("toolu_1", "found"), Result("toolu_2", "exported")));

        Assert.That(none, Does.Contain("messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1, toolu_2."));
        Assert.That(one, Does.Contain("immediately after: toolu_2."));
        Assert.That(late, Does.Contain("immediately after: toolu_1, toolu_2."));
    }

    [Test]
    public async Task ResultAfterAText_IsRefused()
    {
        var first = await CreateAsync(s_request);

        Assert.That(
            await RefusalOfAsync(s_request, Said(first), Results(new TextBlockParam("Here:"), Result("toolu_1", "found"), Result("toolu_2", "exported"))),
            Does.Contain("immediately after: toolu_1, toolu_2."));
    }

    [Test]
    public async Task ResultWithoutItsCall_IsRefused()
    {
        var first = await CreateAsync(s_request);

        Assert.That(await RefusalOfAsync(s_request, Results(Result("toolu_1", "found"))), Does.Contain("messages.1.content.0: unexpected `tool_use_id`"));
        Assert.That(
            await RefusalOfAsync(s_request, Said(first), Results(Result("toolu_1", "found"), Result("toolu_2", "exported"), Result("toolu_9", "?"))),
            Does.Contain("messages.2.content.2: unexpected `tool_use_id` found in `tool_result` blocks: toolu_9."));
    }

    [TestCase("{}", false, HttpStatusCode.Unauthorized, "authentication_error")]
    [TestCase("not JSON", true, HttpStatusCode.BadRequest, "not valid JSON")]
    [TestCase("""{"model":"m","messages":[]}""", true, HttpStatusCode.BadRequest, "max_tokens: Field required")]
    [TestCase("""{"model":"m","max_tokens":9,"messages":[]}""", true, HttpStatusCode.BadRequest, "at least one message is required")]
    [TestCase("""{"model":"m","max_tokens":9,"messages":[{}]}""", true, HttpStatusCode.BadRequest, "does not have the form")]
    public async Task BadRequest_GetsTheProvidersError(string body, bool hasKey, HttpStatusCode status, string text)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Address, "v1/messages"));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("anthropic-version", "2023-06-01");
        if (hasKey)
        {
            request.Headers.Add("x-api-key", "key");
        }

        using var response = await http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.StartWith("""{"type":"error","error":{"type":""").And.Contain(text));
    }

    private Task<Message> CreateAsync(params MessageParam[] messages) => _client.Messages.Create(new()
    {
        Model = "scripted-model",
        MaxTokens = 1024,
        Messages = messages,
        Tools = [.. ShopTools.All.Select(tool => (ToolUnion)new Tool
        {
            Name = tool.Name,
            InputSchema = InputSchema.FromRawUnchecked(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(tool.Schema)!),
        })],
    });

    private async Task<string> RefusalOfAsync(params MessageParam[] messages) =>
        (await Assert.ThrowsAsync<AnthropicBadRequestException>(() => CreateAsync(messages)))!.ResponseBody;

    private static List<ToolUseBlock> CallsOf(Message message) =>
        [.. message.Content.Select(block => block.TryPickToolUse(out var call) ? call : null).OfType<ToolUseBlock>()];

    private static MessageParam Said(Message message) =>
        new AssistantMessageParam(message.Content.Select(block => new ContentBlockParam(block.Json)).ToList());

    private static MessageParam Results(params ContentBlockParam[] blocks) => new UserMessageParam(blocks.ToList());

    private static ToolResultBlockParam Result(string id, string text) => new(id) { Content = text };
}
