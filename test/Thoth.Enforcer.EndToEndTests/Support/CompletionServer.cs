using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Thoth.Enforcer.EndToEndTests.Support;

/// <summary>A model behind OpenAI's chat completions, streamed: it makes one call, and then repeats what it read as its result.</summary>
internal sealed class CompletionServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<JsonElement> _requests = new();

    private CompletionServer(WebApplication app) => _app = app;

    public string Url => $"{_app.Urls.Single()}/v1";

    public IReadOnlyList<JsonElement> Requests => [.. _requests];

    public static async Task<CompletionServer> StartAsync(string tool, string arguments)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new CompletionServer(app);
        app.MapPost("/v1/chat/completions", async (HttpContext context) =>
        {
            var request = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
            server._requests.Enqueue(request);
            var last = request.GetProperty("messages").EnumerateArray().Last();
            object delta = last.GetProperty("role").GetString() == "tool"
                ? new { role = "assistant", content = $"I read: {last.GetProperty("content")}" }
                : new { role = "assistant", tool_calls = new[] { new { index = 0, id = "call_1", type = "function", function = new { name = tool, arguments } } } };
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync($"data: {Chunk(delta, null)}\n\ndata: {Chunk(new { }, "stop")}\n\ndata: [DONE]\n\n");
        });
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string Chunk(object delta, string? end) => JsonSerializer.Serialize(new
    {
        id = "c-1",
        @object = "chat.completion.chunk",
        created = 1_700_000_000,
        model = "test",
        choices = new[] { new { index = 0, delta, finish_reason = end } },
    });
}
