using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StepUpApproval;

/// <summary>
/// An enforcer of a few lines, on loopback: it holds every call, for three seconds at most, until somebody calls
/// <see cref="Approve"/> or <see cref="Deny"/>. A real one is Thoth's own, or the policy of this library in process.
/// </summary>
internal sealed class ApprovalServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, object> _answers = new();
    private readonly WebApplication _app;

    private ApprovalServer(WebApplication app) => _app = app;

    /// <summary>Called with the token of a held call whenever its state is asked for.</summary>
    public Action<string> Asked { get; set; } = _ => { };

    public string Url => _app.Urls.Single();

    public static async Task<ApprovalServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var server = new ApprovalServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    public void Approve(string token) => _answers[token] = new { resolved = true, resolution = "ALLOW" };

    public void Deny(string token, string reason) => _answers[token] = new { resolved = true, resolution = "DENY", reason };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == "/v1/enforce")
        {
            return AnswerAsync(context, new
            {
                decision = "STEP_UP",
                hold_token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
                reason = "Refunds need an approval.",
                step_up_timeout_seconds = 3,
            });
        }

        const string Hold = "/v1/enforce/hold/";
        if (path.StartsWith(Hold, StringComparison.Ordinal))
        {
            var token = path[Hold.Length..];
            Asked(token);
            return AnswerAsync(context, _answers.GetValueOrDefault(token, new { resolved = false }));
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return Task.CompletedTask;
    }

    private static Task AnswerAsync(HttpContext context, object answer)
    {
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, answer);
    }
}
