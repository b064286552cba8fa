using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Thoth.Conformance.Clients;

/// <summary>A server on loopback that responds as a test says and records its requests.</summary>
internal sealed class ContractServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly WebApplication _app;

    private ContractServer(WebApplication app) => _app = app;

    /// <summary>The base URL, without a slash at its end.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Every request in the order of its arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>Every request but batches of events, which are sent in the background.</summary>
    public IReadOnlyList<RecordedRequest> RequestsOfCalls => [.. _requests.Where(r => r.Kind != ContractEndpoint.Events)];

    public IReadOnlyList<RecordedRequest> Enforces => [.. _requests.Where(r => r.Kind == ContractEndpoint.Enforce)];

    public IReadOnlyList<RecordedRequest> Holds => [.. _requests.Where(r => r.Kind == ContractEndpoint.Hold)];

    public IReadOnlyList<RecordedRequest> Events => [.. _requests.Where(r => r.Kind == ContractEndpoint.Events)];

    public IReadOnlyList<RecordedRequest> Explains => [.. _requests.Where(r => r.Kind == ContractEndpoint.Explain)];

    public Func<RecordedRequest, ContractAnswer> OnEnforce { get; set; } = _ => """{"decision":"ALLOW"}""";

    public Func<RecordedRequest, ContractAnswer> OnHold { get; set; } = _ => """{"resolved":false,"resolution":null}""";

    public Func<RecordedRequest, ContractAnswer> OnEvents { get; set; } = _ => new ContractAnswer { Status = 202 };

    public Func<RecordedRequest, ContractAnswer> OnExplain { get; set; } = _ => new ContractAnswer { Status = 404 };

    /// <summary>Anything else, such as the target of a redirect.</summary>
    public Func<RecordedRequest, ContractAnswer> OnOther { get; set; } = _ => new ContractAnswer { Status = 404 };

    /// <param name="protocols">HTTP/2 without TLS needs <see cref="HttpProtocols.Http2"/> alone.</param>
    /// <param name="certificate">Where given, the server speaks TLS.</param>
    public static async Task<ContractServer> StartAsync(
        HttpProtocols protocols = HttpProtocols.Http1, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var app = builder.Build();
        var server = new ContractServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        server.Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return server;
    }

    /// <summary>The answers one after the other; the last one again and again.</summary>
    public static Func<RecordedRequest, ContractAnswer> InTurn(params ContractAnswer[] answers)
    {
        var next = -1;
        return _ => answers[Math.Min(Interlocked.Increment(ref next), answers.Length - 1)];
    }

    public async ValueTask DisposeAsync()
    {
        // A test may have left a response that never completes: stopping does not wait for it.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = await RecordedRequest.ReadAsync(context);
        _requests.Enqueue(request);
        var answer = (request.Kind switch
        {
            ContractEndpoint.Enforce => OnEnforce,
            ContractEndpoint.Hold => OnHold,
            ContractEndpoint.Events => OnEvents,
            ContractEndpoint.Explain => OnExplain,
            _ => OnOther,
        })(request);
        await answer.WriteAsync(context);
    }
}
