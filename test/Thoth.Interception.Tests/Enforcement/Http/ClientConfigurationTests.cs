using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Enforcement.Http;

/// <summary>How the enforcer is chosen, and what an application may change of its client.</summary>
public class ClientConfigurationTests
{
    [Test]
    public void NeitherUrlNorEnforcer_FailsAtStartAndSaysBothWaysOut()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(new ThothEnvironment(_ => null));
        builder.Services.AddThoth(options => (options.TenantId, options.AgentId) = ("t", "a"));
        using var host = builder.Build();

        Assert.That(
            () => host.StartAsync(),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("API URL is required")
                .And.Message.Contains("ApiUrl").And.Message.Contains("THOTH_API_URL")
                .And.Message.Contains("UseLocalPolicy").And.Message.Contains("UseEnforcer"));
    }

    [Test]
    public async Task ChosenEnforcer_IsAskedInsteadOfTheUrl([Values] bool before)
    {
        var enforcer = new ScriptedEnforcer();
        await using var host = await HttpHost.StartAsync(build: builder =>
        {
            builder.UseEnforcer(enforcer);
            if (before)
            {
                builder.Services.AddThoth();
            }
        });

        await host.CallAsync();

        Assert.That(enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(host.Server.Enforces, Is.Empty);
    }

    [TestCase("abc\r\nX-Evil: 1")]
    [TestCase("schlüssel")]
    public void KeyThatFitsNoHeader_FailsAtStart(string key)
    {
        var services = new ServiceCollection().AddSingleton(new ThothEnvironment(_ => null));
        services.AddThoth(options => (options.TenantId, options.AgentId, options.ApiUrl, options.ApiKey) = ("t", "a", "https://e.example", key));
        using var provider = services.BuildServiceProvider();

        var exception = Assert.Throws<OptionsValidationException>(() => _ = provider.GetRequiredService<IOptions<ThothOptions>>().Value);
        Assert.That(exception!.Message, Does.Contain("API key").And.Not.Contain(key));
    }

    [Test]
    public async Task Handlers_SeeEveryRequest()
    {
        await using var host = await HttpHost.StartAsync(
            build: builder => builder.ConfigureHttpClientBuilder(http => http.AddHttpMessageHandler(() => new Gateway())));
        host.Server.OnEnforce = _ => """{"decision":"STEP_UP","hold_token":"tok"}""";
        host.Server.OnHold = _ => """{"resolved":true,"resolution":"ALLOW"}""";

        await host.CallAsync();
        await host.CallAsync(sync: true);

        Assert.That((host.Server.Enforces.Count, host.Server.Holds.Count), Is.EqualTo((2, 2)));
        Assert.That(host.Server.Requests.Select(r => r.Headers["X-Gateway"]), Is.All.EqualTo("g"));
    }

    [Test]
    public async Task HeadersOfTheClient_GoWithEveryRequest_AndNotOverTheKey()
    {
        await using var host = await HttpHost.StartAsync(build: builder => builder.ConfigureHttpClientBuilder(http => http.ConfigureHttpClient(client =>
        {
            client.DefaultRequestHeaders.Add("X-Region", ["eu", "west"]);
            client.DefaultRequestHeaders.Add("X-Api-Key", "another");
        })));

        await host.CallAsync();
        await host.CallAsync(sync: true);
        await host.Services.GetRequiredService<IEventPipeline>().FlushAsync();

        Assert.That(host.Server.Requests.Select(r => r.Kind).Distinct().Count(), Is.EqualTo(2));
        Assert.That(host.Server.Requests.Select(r => r.Headers["X-Region"]), Is.All.EqualTo("eu, west"));
        Assert.That(host.Server.Requests.Select(r => r.Headers["X-Api-Key"]), Is.All.EqualTo("thoth_test_key"));
        Assert.That(host.Server.Requests.Select(r => r.Headers["User-Agent"]), Is.All.StartsWith("Thoth.Interception/"));
    }

    [Test]
    public async Task ClientCertificate_IsShown([Values] bool sync)
    {
        using var own = Certificate("localhost");
        using var clients = Certificate("agent");
        X509Certificate2? seen = null;
        await using var host = await HttpHost.StartAsync(
            server: await ContractServer.StartAsync(certificate: own),
            build: builder => builder.ConfigureHttpClientBuilder(http => http.UseSocketsHttpHandler((handler, _) =>
                handler.SslOptions = new SslClientAuthenticationOptions
                {
                    ClientCertificates = [clients],
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => (seen = (X509Certificate2)certificate!) is not null,
                })));

        Assert.That(await host.CallAsync(sync), Is.EqualTo("orig"));
        Assert.That(seen, Is.Not.Null);
    }

    [Test]
    public async Task CertificateThatIsNotTrusted_IsAnOutage([Values] bool sync)
    {
        using var own = Certificate("localhost");
        await using var host = await HttpHost.StartAsync(server: await ContractServer.StartAsync(certificate: own));

        var exception = await host.RefusedAsync<EnforcerUnavailableException>(sync);

        Assert.That(exception.SdkReasonCode, Is.EqualTo(SdkReasonCodes.EnforcerUnreachable));
        Assert.That(host.Server.Requests, Is.Empty);
    }

    [Test]
    public async Task ErrorInAHandler_Blocks_AlsoUnderFailOpen([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync(
            options => options.FailOpen = true,
            builder => builder.ConfigureHttpClientBuilder(http => http.AddHttpMessageHandler(() => new Failing(new InvalidOperationException("secret-of-the-handler")))));

        var exception = await host.RefusedAsync<PolicyViolationException>(sync);

        Assert.That(exception.SdkReasonCode, Is.EqualTo(SdkReasonCodes.EnforcerInvalidResponse));
        Assert.That(exception.Message, Does.Not.Contain("secret-of-the-handler"));
        Assert.That(host.Logs.TextAboveTrace, Does.Not.Contain("secret-of-the-handler"));
    }

    [TestCase(403, false)]
    [TestCase(503, true)]
    public async Task StatusThatAHandlerThrows_IsThatStatus(int status, bool runs)
    {
        var failure = new HttpRequestException("no", null, (System.Net.HttpStatusCode)status);
        await using var host = await HttpHost.StartAsync(
            options => options.FailOpen = true, builder => builder.ConfigureHttpClientBuilder(http => http.AddHttpMessageHandler(() => new Failing(failure))));

        if (runs)
        {
            Assert.That(await host.CallAsync(), Is.EqualTo("orig"));
        }
        else
        {
            Assert.That((await host.RefusedAsync<PolicyViolationException>()).Reason, Does.Contain($"status={status}"));
        }
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private sealed class Gateway : DelegatingHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Gateway", "g");
            return base.Send(request, cancellationToken);
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Gateway", "g");
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Failing(Exception exception) : DelegatingHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => throw exception;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromException<HttpResponseMessage>(exception);
    }
}
