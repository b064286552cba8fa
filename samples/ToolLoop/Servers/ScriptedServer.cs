using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ToolLoops.Servers;

/// <summary>A server on loopback with one endpoint, in the place of a provider of models.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ScriptedServer(WebApplication application) => (_application, Address) = (application, new Uri(application.Urls.First()));

    public Uri Address { get; }

    /// <summary>Starts a server on a free port.</summary>
    /// <param name="path">The path of the endpoint.</param>
    /// <param name="respond">Makes the response, or throws <see cref="RequestException"/>.</param>
    /// <param name="describe">Makes the body of an error.</param>
    public static async Task<ScriptedServer> StartAsync(
        string path, Func<IHeaderDictionary, JsonElement, JsonObject> respond, Func<RequestException, JsonObject> describe)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        application.MapPost(path, async (HttpContext context) =>
        {
            try
            {
                var body = await ReadAsync(context.Request);
                return Results.Json(respond(context.Request.Headers, body));
            }
            catch (RequestException e)
            {
                return Results.Json(describe(e), statusCode: e.Status);
            }
            catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
            {
                // A member is missing, or has another type.
                return Results.Json(describe(new RequestException("The request does not have the form of this endpoint.")), statusCode: 400);
            }
        });
        await application.StartAsync();
        return new ScriptedServer(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static async Task<JsonElement> ReadAsync(HttpRequest request)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new RequestException("The body of the request is not a JSON object.");
        }
        catch (JsonException)
        {
            throw new RequestException("The body of the request is not valid JSON.");
        }
    }
}
