using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Tests.Enforcement.Http;

/// <summary>Contract §1.1.4: a redirect is never followed, so that neither arguments nor keys go to another origin.</summary>
public class RedirectTests
{
    [Test]
    public async Task Redirect_OfTheEnforceRequest_BlocksAndIsNotFollowed(
        [Values] bool sync, [Values(301, 302, 303, 307, 308)] int status, [Values] HandlerOf handler)
    {
        await using var other = await OtherOriginAsync();
        await using var host = await HttpHost.StartAsync(options => options.FailOpen = true, builder => Replace(builder, handler));
        host.Server.OnEnforce = _ => To(other.Url + "/v1/enforce", status);

        var exception = await host.RefusedAsync<PolicyViolationException>(sync);

        Assert.That(exception.Reason, Is.EqualTo($"enforcer rejected request (status={status})"));
        Assert.That(other.Requests, Is.Empty);
        Assert.That(host.Server.RequestsOfCalls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Redirect_ToTheSameOrigin_IsNotFollowedEither()
    {
        await using var host = await HttpHost.StartAsync();
        host.Server.OnEnforce = _ => To("/elsewhere", 307);
        host.Server.OnOther = _ => """{"decision":"ALLOW"}""";

        await host.RefusedAsync<PolicyViolationException>();

        Assert.That(host.Server.RequestsOfCalls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Redirect_OfAPoll_BlocksAndIsNotFollowed()
    {
        await using var other = await OtherOriginAsync();
        await using var host = await HttpHost.StartAsync();
        host.Server.OnEnforce = _ => """{"decision":"STEP_UP","hold_token":"tok"}""";
        host.Server.OnHold = _ => To(other.Url + "/x", 302);

        var exception = await host.RefusedAsync<PolicyViolationException>();

        Assert.That(exception.SdkReasonCode, Is.EqualTo(SdkReasonCodes.StepUpPollRejected));
        Assert.That(other.Requests, Is.Empty);
    }

    [Test]
    public async Task Redirect_OfAnExplanation_IsNotFollowed()
    {
        await using var other = await OtherOriginAsync();
        await using var host = await HttpHost.StartAsync(options => options.Explain = true);
        host.Server.OnEnforce = _ => """{"decision":"BLOCK"}""";
        host.Server.OnExplain = _ => To(other.Url + "/v1/explain", 307);

        Assert.That((await host.RefusedAsync<PolicyViolationException>()).Explanation, Is.Null);
        Assert.That(other.Requests, Is.Empty);
    }

    /// <summary>Which primary handler the application has put in place.</summary>
    public enum HandlerOf
    {
        Library,
        ApplicationSockets,
        ApplicationClient,
    }

    private static void Replace(IThothBuilder builder, HandlerOf handler)
    {
        if (handler == HandlerOf.ApplicationSockets)
        {
            builder.ConfigureHttpClientBuilder(http => http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = true }));
        }
        else if (handler == HandlerOf.ApplicationClient)
        {
            builder.ConfigureHttpClientBuilder(http => http.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler { AllowAutoRedirect = true }));
        }
    }

    private static async Task<ContractServer> OtherOriginAsync()
    {
        var other = await ContractServer.StartAsync();
        other.OnOther = other.OnExplain = _ => """{"decision":"ALLOW","resolved":true,"resolution":"ALLOW"}""";
        return other;
    }

    private static ContractAnswer To(string location, int status) =>
        new() { Status = status, Headers = new Dictionary<string, string> { ["Location"] = location } };
}
