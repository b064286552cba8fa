using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Enforcement.Http;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Http;

/// <summary>
/// The proxy of the machine sees nothing. <see cref="HttpClient.DefaultProxy"/> is where the runtime keeps what <c>HTTP_PROXY</c> and its
/// like say: it reads them once per process, so a test sets the property.
/// </summary>
[NonParallelizable]
public class ProxyPolicyTests
{
    private const string RemoteHost = "enforce.acme.invalid";

    private readonly IWebProxy _before = HttpClient.DefaultProxy;

    [TearDown]
    public void RestoreProxy() => HttpClient.DefaultProxy = _before;

    [Test]
    public async Task Loopback_WithAProxyOfTheMachine_IsReachedDirectly([Values] bool sync)
    {
        await using var proxy = ForwardProxy.Start();
        HttpClient.DefaultProxy = proxy.Address;
        await using var host = await HttpHost.StartAsync(options => options.Explain = true);
        host.Server.OnEnforce = _ => """{"decision":"STEP_UP","hold_token":"t"}""";
        host.Server.OnHold = _ => """{"resolved":true,"resolution":"ALLOW"}""";

        Assert.That(await host.CallAsync(sync), Is.EqualTo("orig"));
        await host.Services.GetRequiredService<IEventPipeline>().FlushAsync();

        Assert.That(
            host.Server.Requests.Select(request => request.Kind).Distinct(),
            Is.SupersetOf((ContractEndpoint[])[ContractEndpoint.Enforce, ContractEndpoint.Hold, ContractEndpoint.Events, ContractEndpoint.Explain]));
        Assert.That(proxy.Requests, Is.Empty);

        // The proxy works: another client goes through it.
        using var client = new HttpClient();
        await client.GetAsync(host.Server.Url + "/other");
        Assert.That(proxy.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Loopback_WithAProxyOnTheClient_IsReachedDirectly([Values] bool tls, [Values] bool ownHandler)
    {
        await using var proxy = ForwardProxy.Start();
        using var certificate = Certificate("localhost");
        await using var host = await HttpHost.StartAsync(
            server: await ContractServer.StartAsync(certificate: tls ? certificate : null),
            build: builder => builder.ConfigureHttpClientBuilder(http => UseProxy(http, proxy, ownHandler)));

        Assert.That(await host.CallAsync(), Is.EqualTo("orig"));
        Assert.That(proxy.Requests, Is.Empty);
    }

    [Test]
    public async Task Https_WithAProxyOnTheClient_GoesThroughItsTunnel([Values] bool sync, [Values] bool ownHandler)
    {
        using var certificate = Certificate(RemoteHost);
        await using var server = await ContractServer.StartAsync(certificate: certificate);
        await using var proxy = ForwardProxy.Start(new Uri(server.Url).Port);
        await using var host = await HttpHost.StartAsync(
            options => options.ApiUrl = $"https://{RemoteHost}", builder => builder.ConfigureHttpClientBuilder(http => UseProxy(http, proxy, ownHandler)), server: server);

        Assert.That(await host.CallAsync(sync), Is.EqualTo("orig"));
        Assert.That(proxy.Requests, Is.Not.Empty.And.All.EqualTo($"CONNECT {RemoteHost}:443 HTTP/1.1"));
    }

    [TestCase("https", false)]
    [TestCase("http", false)]
    [TestCase("http", true)]
    public async Task RemoteOrigin_WithoutAProxyThatMayBeUsed_IsNotSentThroughOne(string scheme, bool onTheClient)
    {
        await using var proxy = ForwardProxy.Start();
        HttpClient.DefaultProxy = proxy.Address;
        await using var host = await HttpHost.StartAsync(
            options => (options.ApiUrl, options.AllowInsecureHttp) = ($"{scheme}://{RemoteHost}", true),
            builder => builder.ConfigureHttpClientBuilder(http =>
            {
                if (onTheClient)
                {
                    UseProxy(http, proxy, ownHandler: false);
                }
            }));

        await host.RefusedAsync<EnforcerUnavailableException>();

        Assert.That(proxy.Requests, Is.Empty);
    }

    [Test]
    public async Task HandlerOfTheHost_WithoutAProxy_DoesNotUseTheMachines()
    {
        await using var proxy = ForwardProxy.Start();
        HttpClient.DefaultProxy = proxy.Address;
        await using var host = await HttpHost.StartAsync(
            build: builder => builder.ConfigureHttpClientBuilder(http => http.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler())));

        Assert.That(await host.CallAsync(), Is.EqualTo("orig"));
        Assert.That(proxy.Requests, Is.Empty);
    }

    private static void UseProxy(IHttpClientBuilder http, ForwardProxy proxy, bool ownHandler)
    {
        if (ownHandler)
        {
            http.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler
            {
                Proxy = proxy.Address,
                ServerCertificateCustomValidationCallback = static (_, _, _, _) => true,
            });
            return;
        }

        http.UseSocketsHttpHandler((handler, _) =>
        {
            handler.Proxy = proxy.Address;
            handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true };
        });
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
