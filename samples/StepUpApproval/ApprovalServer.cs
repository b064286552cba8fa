using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StepUpApproval;

/// <summary>
/// A small enforcer on loopback. It holds each call for three seconds at most, until <see cref="Approve"/> or <see cref="Deny"/>
/// is called. An application uses Thoth or the policy of this library instead.
/// </summary>
internal sealed class ApprovalServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, object> _resolutions = new();
    private readonly WebApplication _app;

    private ApprovalServer(WebApplication app) => _app = app;

    /// <summary>Gets or sets a callback that gets the token of a held call each time its status is requested.</summary>
    public Action<string> StatusRequested { get; set; } = _ => { };

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

    public void Approve(string token) => _resolutions[token] = new { resolved = true, resolution = "ALLOW" };

    public void Deny(string token, string reason) => _resolutions[token] = new { resolved = true, resolution = "DENY", reason };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == "/v1/enforce")
        {
            return WriteAsync(context, new
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
            StatusRequested(token);
            return WriteAsync(context, _resolutions.GetValueOrDefault(token, new { resolved = false }));
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, object body)
    {
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, body);
    }
}
