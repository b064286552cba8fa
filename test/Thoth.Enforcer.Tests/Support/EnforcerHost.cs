using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Holds;
using Thoth.Interception.Tests.Support;

namespace Thoth.Enforcer.Tests.Support;

/// <summary>The real server on a free port of loopback, with its files in a temporary folder.</summary>
internal sealed class EnforcerHost : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thoth-enforcer-tests-");
    private readonly Func<EnforcerOptions, EnforcerOptions> _configure;
    private readonly TimeProvider _time;
    private WebApplication _app = null!;

    private EnforcerHost(Func<EnforcerOptions, EnforcerOptions>? configure, TimeProvider time)
    {
        _configure = configure ?? (static options => options);
        _time = time;
        PolicyPath = Path.Combine(_folder.FullName, "policy.json");
        DatabasePath = Path.Combine(_folder.FullName, "enforcer.db");
    }

    public string PolicyPath { get; }

    public string DatabasePath { get; }

    /// <summary>The log of the server.</summary>
    public RecordingLogger Log { get; } = new(LogLevel.Information);

    public string Url => _app.Urls.Single();

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 64 });

    /// <summary>The clock of a host that was started without another one; it does not move by itself.</summary>
    public FakeTimeProvider Time => (FakeTimeProvider)_time;

    public ApprovalService Approvals => Get<ApprovalService>();

    public Enforcer.Storage.Activity Activity => Get<Enforcer.Storage.Activity>();

    public static Task<EnforcerHost> StartAsync(Func<EnforcerOptions, EnforcerOptions>? configure = null) =>
        StartAsync(configure, new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));

    public static async Task<EnforcerHost> StartAsync(Func<EnforcerOptions, EnforcerOptions>? configure, TimeProvider time)
    {
        var host = new EnforcerHost(configure, time);
        await File.WriteAllTextAsync(host.PolicyPath, TestPolicy.Json);
        await host.StartServerAsync();
        return host;
    }

    /// <summary>Restarts the server with the same files.</summary>
    public async Task RestartAsync()
    {
        await _app.DisposeAsync();
        await StartServerAsync();
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public Task<Reply> EnforceAsync(string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, "/v1/enforce", json, headers);

    /// <summary>Sends a request about a tool with the usual fields.</summary>
    public Task<Reply> EvaluateAsync(string tool, object? arguments, string session = "s-1") => EnforceAsync(
        JsonSerializer.Serialize(new { tool_name = tool, session_id = session, agent_id = "bot", user_id = "ada", action_attestation_id = "a-1", tool_args = arguments }));

    /// <summary>Has a call held, by default one of <c>refund</c>.</summary>
    public async Task<(string Token, HoldRow Hold)> HoldAsync(object? arguments = null, string tool = "refund")
    {
        var reply = await EvaluateAsync(tool, arguments ?? new { order = "A-1", amount = 900 });
        var token = reply.Text("hold_token");
        return (token, Approvals.Find($"hold_{reply.Json.GetProperty("receipt").GetProperty("decision_id").GetString()}")!);
    }

    public Task<Reply> PollAsync(string token, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, $"/v1/enforce/hold/{Uri.EscapeDataString(token)}", null, headers);

    public Task<Reply> PostAsync(string path, string json, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, json, headers);

    public async Task<Reply> SendAsync(HttpMethod method, string path, string? json, params (string Name, string Value)[] headers)
    {
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var request = new HttpRequestMessage(method, new Uri(Url + path, asWritten));
        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return await SendAsync(request, headers);
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request, params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        return new Reply(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => header.Value.ToArray(), StringComparer.OrdinalIgnoreCase));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task StartServerAsync()
    {
        var options = _configure(new EnforcerOptions { PolicyPath = PolicyPath, DatabasePath = DatabasePath, Urls = "http://127.0.0.1:0" });
        _app = EnforcerServer.Build(options, _time, logging => logging.ClearProviders().AddProvider(Log));
        await _app.StartAsync();
    }
}
