using System.ClientModel;
using System.Net;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using ToolLoops;
using ToolLoops.Servers;
using ToolLoops.Tools;

namespace Thoth.Interception.Tests.Samples.ToolLoops;

/// <summary>The scripted server of OpenAI with the official client: it refuses the conversations that the provider refuses.</summary>
public class OpenAiServerTests
{
    private static readonly ChatMessage s_request = new UserChatMessage(Requests.Export);

    private ScriptedServer _server = null!;
    private ChatClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _server = await OpenAiServer.StartAsync();
        var options = new OpenAIClientOptions { Endpoint = new Uri(_server.Address, "v1") };
        _client = new ChatClient("scripted-model", new ApiKeyCredential("key"), options);
    }

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Conversation_WithEachResult_GoesOn()
    {
        var first = await CompleteAsync(s_request);
        var second = await CompleteAsync(
            s_request, new AssistantChatMessage(first), new ToolChatMessage(first.ToolCalls[1].Id, "exported"), new ToolChatMessage(first.ToolCalls[0].Id, "found"));

        Assert.That(first.FinishReason, Is.EqualTo(ChatFinishReason.ToolCalls));
        Assert.That(first.ToolCalls.Select(call => call.FunctionName), Is.EqualTo(["find_order", "export_customers"]));
        Assert.That(first.ToolCalls[0].FunctionArguments.ToString(), Is.EqualTo("""{"order":"A-1002"}"""));
        Assert.That(second.ToolCalls.Single().FunctionName, Is.EqualTo("delete_customer"));
        Assert.That(second.ToolCalls.Single().Id, Is.Not.AnyOf(first.ToolCalls[0].Id, first.ToolCalls[1].Id));
    }

    [Test]
    public async Task MissingResults_AreRefused_AndNamed()
    {
        var first = await CompleteAsync(s_request);

        var none = await RefusalOfAsync(s_request, new AssistantChatMessage(first));
        var one = await RefusalOfAsync(s_request, new AssistantChatMessage(first), new ToolChatMessage(first.ToolCalls[0].Id, "found"), new UserChatMessage("Go on."));

        Assert.That(none, Does.Contain("must be followed by tool messages").And.Contain("call_1, call_2"));
        Assert.That(one, Does.Contain("did not have response messages: call_2").And.Contain("messages.[3].role"));
    }

    [Test]
    public async Task ResultWithoutItsCall_IsRefused()
    {
        var first = await CompleteAsync(s_request);

        Assert.That(await RefusalOfAsync(s_request, new ToolChatMessage("call_1", "found")), Does.Contain("must be a response to a preceeding message with 'tool_calls'"));
        Assert.That(
            await RefusalOfAsync(s_request, new AssistantChatMessage(first), new ToolChatMessage("call_9", "found")),
            Does.Contain("'tool_call_id' of 'call_9' not found"));
        Assert.That(
            await RefusalOfAsync(
                s_request, new AssistantChatMessage(first), new ToolChatMessage("call_1", "found"), new ToolChatMessage("call_2", "exported"),
                new ToolChatMessage("call_2", "exported again")),
            Does.Contain("'tool_call_id' of 'call_2' not found"));
    }

    [Test]
    public async Task CallOfAToolThatIsNotDeclared_IsAnError()
    {
        var e = await Assert.ThrowsAsync<ClientResultException>(() => _client.CompleteChatAsync(s_request));

        Assert.That(e!.Message, Does.Contain("'find_order', which is not in 'tools'"));
    }

    [TestCase("""{"model":"m","messages":[{"role":"user","content":"Hello."}]}""", null, HttpStatusCode.Unauthorized, "invalid_api_key")]
    [TestCase("not JSON", "Bearer key", HttpStatusCode.BadRequest, "not valid JSON")]
    [TestCase("""{"messages":[]}""", "Bearer key", HttpStatusCode.BadRequest, "you must provide a model parameter")]
    [TestCase("""{"model":"m","messages":[]}""", "Bearer key", HttpStatusCode.BadRequest, "empty array")]
    [TestCase("""{"model":"m","messages":[{}]}""", "Bearer key", HttpStatusCode.BadRequest, "does not have the form")]
    public async Task BadRequest_GetsTheProvidersError(string body, string? authorization, HttpStatusCode status, string text)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_server.Address, "v1/chat/completions"));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (authorization is not null)
        {
            request.Headers.Add("Authorization", authorization);
        }

        using var response = await http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.StartWith("""{"error":{"message":""").And.Contain(text));
    }

    private async Task<ChatCompletion> CompleteAsync(params ChatMessage[] messages) => await _client.CompleteChatAsync(messages, Options());

    private async Task<string> RefusalOfAsync(params ChatMessage[] messages)
    {
        var e = await Assert.ThrowsAsync<ClientResultException>(() => _client.CompleteChatAsync(messages, Options()));
        Assert.That(e!.Status, Is.EqualTo(400));
        return e.Message;
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
