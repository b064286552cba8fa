using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Enforcement.Http;

/// <summary>A synchronous tool asks without asynchronous code where the client allows it, and only once in any case.</summary>
public class SynchronousTests
{
    private readonly Recorder _recorder = new();

    [Test]
    public async Task DefaultClient_SendsSynchronously_OnTheCallersThread()
    {
        await using var host = await HttpHost.StartAsync(build: Add(() => new BothWays(_recorder)));
        var thread = 0;

        await Task.Factory.StartNew(
            () =>
            {
                thread = Environment.CurrentManagedThreadId;
                host.Services.GetRequiredService<IToolGovernor>().WrapTool("read_file", () => 1)();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Assert.That(_recorder.Entries, Is.EqualTo([("Send", thread)]));
        Assert.That(host.Server.Enforces, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task AsyncTool_SendsAsynchronously()
    {
        await using var host = await HttpHost.StartAsync(build: Add(() => new BothWays(_recorder)));

        await host.CallAsync();

        Assert.That(_recorder.Entries.Select(e => e.Item1), Is.EqualTo(["SendAsync"]));
    }

    [Test]
    public async Task HandlerThatIsAsynchronousOnly_IsNotPassedBy([Values] bool aboveAnother)
    {
        await using var host = await HttpHost.StartAsync(build: builder =>
        {
            if (aboveAnother)
            {
                Add(() => new BothWays(_recorder))(builder);
            }

            Add(() => new AsyncOnly())(builder);
        });

        Assert.That(await host.CallAsync(sync: true), Is.EqualTo("orig"));

        Assert.That(host.Server.Enforces.Single().Headers["X-Signed"], Is.EqualTo("yes"));
        Assert.That(_recorder.Entries.Select(e => e.Item1), aboveAnother ? Is.EqualTo(["SendAsync"]) : Is.Empty);
    }

    [Test]
    public async Task PrimaryHandlerThatIsAsynchronousOnly_IsUsedAsynchronously()
    {
        await using var host = await HttpHost.StartAsync(
            build: builder => builder.ConfigureHttpClientBuilder(http => http.ConfigurePrimaryHttpMessageHandler(() => new Primary())));

        Assert.That(await host.CallAsync(sync: true), Is.EqualTo("orig"));
    }

    [Test]
    public async Task HandlerThatRefusesToSendSynchronously_IsAskedAsynchronously_OncePerCall()
    {
        await using var host = await HttpHost.StartAsync(build: Add(() => new BothWays(_recorder) { RefusesSend = true }));

        await host.CallAsync(sync: true);
        await host.CallAsync(sync: true);

        Assert.That(_recorder.Entries.Select(e => e.Item1), Is.EqualTo(["Send", "SendAsync", "SendAsync"]), "once is enough to know it");
        Assert.That(host.Server.Enforces, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task HandlerThatFailsAfterTheRequestLeft_IsNotCalledAgain([Values] bool failOpen)
    {
        await using var host = await HttpHost.StartAsync(
            options => options.FailOpen = failOpen, Add(() => new BothWays(_recorder) { FailsAfterSend = true }));

        var exception = await host.RefusedAsync<PolicyViolationException>(sync: true);

        Assert.That(exception.SdkReasonCode, Is.EqualTo(SdkReasonCodes.EnforcerInvalidResponse));
        Assert.That(host.Server.Enforces, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Http2_IsAskedAsynchronously([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync(
            server: await ContractServer.StartAsync(HttpProtocols.Http2),
            build: builder =>
            {
                Add(() => new BothWays(_recorder))(builder);
                Speak(System.Net.HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact)(builder);
            });

        Assert.That(await host.CallAsync(sync), Is.EqualTo("orig"));
        Assert.That(host.Server.Enforces.Single().Protocol, Is.EqualTo("HTTP/2"));
        Assert.That(_recorder.Entries.Select(e => e.Item1), Is.EqualTo(["SendAsync"]));
    }

    [Test]
    public async Task ClientThatMaySpeakHttp2_IsAskedAsynchronously()
    {
        await using var host = await HttpHost.StartAsync(build: builder =>
        {
            Add(() => new BothWays(_recorder))(builder);
            Speak(System.Net.HttpVersion.Version11, HttpVersionPolicy.RequestVersionOrHigher)(builder);
        });

        Assert.That(await host.CallAsync(sync: true), Is.EqualTo("orig"));
        Assert.That(_recorder.Entries.Select(e => e.Item1), Is.EqualTo(["SendAsync"]));
    }

    [Test]
    public async Task OneThreadOfAUserInterface_IsNotDeadlocked([Values] bool asyncOnly)
    {
        await using var host = await HttpHost.StartAsync(build: asyncOnly ? Add(() => new AsyncOnly()) : null);

        var result = await SingleThreadContext.RunAsync(
            () => Task.FromResult(host.Services.GetRequiredService<IToolGovernor>().WrapTool("read_file", (string path) => path)("p")));

        Assert.That(result, Is.EqualTo("p"));
    }

    private static Action<IThothBuilder> Add(Func<DelegatingHandler> handler) =>
        builder => builder.ConfigureHttpClientBuilder(http => http.AddHttpMessageHandler(handler));

    private static Action<IThothBuilder> Speak(Version version, HttpVersionPolicy policy) =>
        builder => builder.ConfigureHttpClientBuilder(http => http.ConfigureHttpClient(client =>
        {
            client.DefaultRequestVersion = version;
            client.DefaultVersionPolicy = policy;
        }));

    private sealed class Recorder
    {
        public List<(string, int)> Entries { get; } = [];

        public void Add(string way) => Entries.Add((way, Environment.CurrentManagedThreadId));
    }

    private sealed class BothWays(Recorder recorder) : DelegatingHandler
    {
        public bool RefusesSend { get; init; }

        public bool FailsAfterSend { get; init; }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            recorder.Add("Send");
            if (RefusesSend)
            {
                throw new NotSupportedException();
            }

            var response = base.Send(request, cancellationToken);
            return FailsAfterSend ? throw new NotSupportedException() : response;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            recorder.Add("SendAsync");
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class AsyncOnly : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // As one that fetches a token first: what comes after runs on another thread.
            await Task.Yield();
            request.Headers.Add("X-Signed", "yes");
            return await base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Primary : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new StringContent("""{"decision":"ALLOW"}""") });
    }
}
