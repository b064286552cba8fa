using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Interception.AspNetCore.Tests.Support;

/// <summary>A web application on loopback, with governed tools, a local policy and users that a header names.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    public const string Policy = """
        {
          "id": "shop", "version": "1",
          "rules": [
            { "id": "all", "tools": "*", "decision": "allow" },
            { "id": "big-refund", "tools": "refund*", "when": { "args.amount": { "greater": 100 } }, "decision": "step_up", "reason": "Refunds above 100 need an approval." },
            { "id": "no-wipe", "tools": "wipe", "decision": "block", "reason": "Nothing is wiped.", "code": "no_wipe" },
            { "id": "later", "tools": "report", "decision": "defer", "reason": "The books are closing.", "retry_seconds": 300 }
          ]
        }
        """;

    private WebHost(WebApplication app, RecordedLogs logs)
    {
        App = app;
        Logs = logs;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public WebApplication App { get; }

    public RecordedLogs Logs { get; }

    public HttpClient Client { get; }

    public ShopRuns Runs => App.Services.GetRequiredService<ShopRuns>();

    public IThothSessions Sessions => App.Services.GetRequiredService<IThothSessions>();

    public IThothHolds Holds => App.Services.GetRequiredService<IThothHolds>();

    /// <param name="map">Builds the pipeline and the endpoints. Default: exception handler, Thoth, held calls, and the endpoints of the tools.</param>
    /// <param name="build">Adds services.</param>
    /// <param name="thoth">Sets options.</param>
    /// <param name="web">Sets options.</param>
    /// <param name="environment">The host's environment.</param>
    /// <param name="configuration">The host's configuration.</param>
    public static async Task<WebHost> StartAsync(
        Action<WebApplication>? map = null, Action<WebApplicationBuilder>? build = null, Action<ThothOptions>? thoth = null,
        Action<ThothAspNetCoreOptions>? web = null, string environment = "Production", params (string Key, string Value)[] configuration)
    {
        var app = Build(map, build, thoth, web, environment, configuration, out var logs);
        await app.StartAsync();
        return new WebHost(app, logs);
    }

    public static WebApplication Build(
        Action<WebApplication>? map, Action<WebApplicationBuilder>? build, Action<ThothOptions>? thoth, Action<ThothAspNetCoreOptions>? web,
        string environment, (string Key, string Value)[] configuration, out RecordedLogs logs)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        logs = new RecordedLogs();
        builder.Configuration.AddInMemoryCollection(configuration.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(logs);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAuthentication(HeaderAuthentication.Name)
            .AddScheme<AuthenticationSchemeOptions, HeaderAuthentication>(HeaderAuthentication.Name, null);
        builder.Services.AddAuthorization();
        builder.Services.AddSingleton<ShopRuns>();
        builder.Services.AddThoth(builder.Configuration).UseLocalPolicy(policy => policy.Json = Policy).AddAspNetCore(web);
        builder.Services.AddThoth(options =>
        {
            (options.TenantId, options.AgentId) = ("acme", "agent");
            thoth?.Invoke(options);
        });
        builder.Services.AddGovernedTools<IShopTools, Shop>(ServiceLifetime.Singleton);
        builder.Services.AddThothProblemDetails();
        build?.Invoke(builder);
        var app = builder.Build();
        (map ?? MapDefault)(app);
        return app;
    }

    public static void MapDefault(WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseThoth();
        MapTools(app);
    }

    public static void MapTools(WebApplication app)
    {
        app.MapThothHolds("/holds");
        app.MapGet("/session", (IThothSessions sessions) => new SessionInfo(
            sessions.Current.Id, sessions.Current.Context.UserId, sessions.Current.Context.Environment, [.. sessions.Current.ToolCalls]));
        app.MapPost("/read", (IShopTools shop, string order) => shop.ReadAsync(order));
        app.MapPost("/refund", async (IShopTools shop, string order, int amount) => await shop.RefundAsync(order, amount)).ProducesThothProblems();
        app.MapPost("/refund-with-token", (IShopTools shop, string order, int amount, CancellationToken cancellationToken) =>
            shop.RefundWithTokenAsync(order, amount, cancellationToken));
        app.MapPost("/refund-now", (IShopTools shop, string order, int amount) => shop.RefundNow(order, amount));
        app.MapPost("/refund-parts", (IShopTools shop, string order, int amount) => shop.RefundParts(order, amount));
        app.MapPost("/wipe", (IShopTools shop) => shop.WipeAsync());
        app.MapPost("/report", (IShopTools shop) => shop.ReportAsync());
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? user = "alice", string? conversation = null, string? held = null,
        CancellationToken cancellationToken = default, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        Add("X-User", user);
        Add("Thoth-Conversation", conversation);
        Add(ThothAspNetCoreOptions.HeldHeader, held);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    public Task<HttpResponseMessage> PostAsync(string path, string? user = "alice", string? conversation = null, string? held = null) =>
        SendAsync(HttpMethod.Post, path, user, conversation, held);

    public Task<HttpResponseMessage> GetAsync(string path, string? user = "alice", string? conversation = null) =>
        SendAsync(HttpMethod.Get, path, user, conversation);

    public async Task<SessionInfo> SessionAsync(string? user = "alice", string? conversation = null) =>
        (await (await GetAsync("/session", user, conversation)).Content.ReadFromJsonAsync<SessionInfo>())!;

    /// <summary>Holds a refund and returns its id.</summary>
    public async Task<string> HoldAsync(string? user = "alice", string? conversation = null)
    {
        using var response = await PostAsync("/refund?order=A-1&amount=250", user, conversation);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("heldId").GetString()!;
    }

    public async Task ApproveAsync(string heldId)
    {
        var held = await Holds.GetAsync(heldId);
        Assert.That(await Holds.ResolveAsync(held!, ApprovalAnswer.Approve("mallory")), Is.True);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }

    internal sealed record SessionInfo(string Id, string User, string Environment, string[] ToolCalls);
}
