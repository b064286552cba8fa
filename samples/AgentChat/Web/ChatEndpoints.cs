using System.Net.Mime;
using System.Net.ServerSentEvents;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using AgentChat.Conversations;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;

namespace AgentChat.Web;

/// <summary>The page, its forms, and the stream that says when the page changed.</summary>
internal static class ChatEndpoints
{
    private const string PersonCookie = "agent-chat-person";
    private const int MaxText = 2_000;

    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    public static void MapChat(this WebApplication app)
    {
        app.Use(static (context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers.CacheControl = "no-cache, no-store";
            headers.Pragma = "no-cache";
            headers["Referrer-Policy"] = "no-referrer";
            return next(context);
        });
        app.UseAntiforgery();
        MapAsset(app, "chat.css", "text/css; charset=utf-8");
        MapAsset(app, "chat.js", "text/javascript; charset=utf-8");
        MapAsset(app, "chat.svg", "image/svg+xml");

        app.MapGet("/", static (HttpContext context, ChatPage page, ConversationStore store, IAntiforgery antiforgery) => Results.Content(
            page.Show(store.Of(PersonOf(context)), antiforgery.GetAndStoreTokens(context)), MediaTypeNames.Text.Html, Encoding.UTF8));

        app.MapPost("/say", static (HttpContext context, SupportAgent agent, ConversationStore store, [FromForm] string? text, [FromForm] string? suggestion) =>
        {
            var said = (suggestion ?? text ?? "").Trim();
            if (said.Length is > 0 and <= MaxText)
            {
                // The turn goes on in the background, and the page follows it.
                _ = agent.Say(store.Of(PersonOf(context)), said);
            }

            return Results.LocalRedirect("/");
        });
        app.MapPost("/answer", static (HttpContext context, SupportAgent agent, ConversationStore store, [FromForm] string request, [FromForm] string answer) =>
        {
            _ = agent.Answer(store.Of(PersonOf(context)), request, approve: answer == "approve");
            return Results.LocalRedirect("/");
        });

        // The unused field makes the framework check the form's token.
        app.MapPost("/restart", static (HttpContext context, SupportAgent agent, ConversationStore store, [FromForm] string? restart) =>
        {
            var old = store.Of(PersonOf(context));
            store.Restart(PersonOf(context));
            foreach (var request in old.OpenRequests())
            {
                _ = agent.Answer(old, request.RequestId, approve: false, "The conversation was ended.");
            }

            return Results.LocalRedirect("/");
        });
        app.MapPost("/user", static (HttpContext context, [FromForm] string person) =>
        {
            context.Response.Cookies.Append(PersonCookie, person, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict });
            return Results.LocalRedirect("/");
        });
        app.MapGet("/live", static (HttpContext context, ConversationStore store, IHostApplicationLifetime lifetime) =>
            TypedResults.ServerSentEvents(ChangesAsync(store, PersonOf(context), lifetime.ApplicationStopping, context.RequestAborted)));
    }

    /// <summary>The picker stands in for a sign-in. An application takes the user from its authentication.</summary>
    private static Person PersonOf(HttpContext context) =>
        Person.All.FirstOrDefault(person => person.Id == context.Request.Cookies[PersonCookie]) ?? Person.All[0];

    private static async IAsyncEnumerable<SseItem<string>> ChangesAsync(
        ConversationStore store, Person person, CancellationToken stopping, [EnumeratorCancellation] CancellationToken aborted)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        Conversation? conversation = null;
        var version = -1L;
        while (true)
        {
            try
            {
                if (store.Of(person) is var current && current != conversation)
                {
                    (conversation, version) = (current, -1);
                }

                version = await current.WaitForChangeAsync(version, linked.Token);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }

            yield return new SseItem<string>("", "changed");
        }
    }

    private static void MapAsset(WebApplication app, string name, string type)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Assets/{name}")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        app.MapGet($"/assets/{name}", () => Results.Bytes(bytes, type));
    }
}
