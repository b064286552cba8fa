using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception;
using Thoth.Interception.Testing;

namespace WebMinimal.Tests;

/// <summary>docs/testing-your-code.md: the web application runs as it is, with a test's enforcer and a tool that pays nothing.</summary>
public sealed class RefundTests : IDisposable
{
    private readonly FakeRefunds _refunds = new();
    private readonly WebApplicationFactory<IRefundTools> _application;
    private readonly TestEnforcer _enforcer;
    private readonly HttpClient _client;

    public RefundTests()
    {
        _application = new WebApplicationFactory<IRefundTools>().WithWebHostBuilder(host => host.ConfigureTestServices(services =>
        {
            services.AddSingleton<IRefundTools>(_refunds);   // a fake in place of the application's tool
            services.AddThothTesting();                      // last: it governs the fake too
        }));
        _enforcer = _application.Services.GetRequiredService<TestEnforcer>();
        _client = _application.CreateClient();
    }

    [SetUp]
    public async Task SignInAsync() => (await _client.PostAsync("/login?user=ada", null)).EnsureSuccessStatusCode();

    [TearDown]
    public void Reset() => _enforcer.Reset();

    [OneTimeTearDown]
    public void Dispose()
    {
        _client.Dispose();
        _application.Dispose();
    }

    [Test]
    public async Task Refund_ThatIsAllowed_IsPaidInTheUsersName()
    {
        var before = _refunds.Paid;
        var response = await _client.PostAsync("/orders/A-1/refund?amount=40", null);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(_refunds.Paid, Is.EqualTo(before + 40));
        var call = _enforcer.AssertCompleted("refund", call => call.Argument<decimal>("amount") == 40);
        Assert.That(call.Request.Context.UserId, Is.EqualTo("ada"));
    }

    [Test]
    public async Task Refund_ThatIsTooBig_IsRefused()
    {
        _enforcer.Block("refund", "Too much.", when: call => call.Argument<decimal>("amount") > 100);

        var response = await _client.PostAsync("/orders/A-1/refund?amount=250", null);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        _enforcer.AssertRefused("refund");
        _enforcer.AssertEvents("refund", EventPhase.Pre, EventPhase.Block);
    }

    [Test]
    public async Task Refund_ThatIsHeld_IsPaidAfterTheApproval()
    {
        _enforcer.Hold("refund", "Refunds above 100 need an approval.");
        var before = _refunds.Paid;

        var held = await _client.PostAsync("/orders/A-1/refund?amount=250", null);
        Assert.That(held.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await StateAsync(held.Headers.Location!), Is.EqualTo("pending"));

        await _enforcer.ApproveAsync("refund", approver: "bob");
        Assert.That(await StateAsync(held.Headers.Location!), Is.EqualTo("approved"));

        using var again = new HttpRequestMessage(HttpMethod.Post, "/orders/A-1/refund?amount=250");
        again.Headers.Add("Thoth-Held", held.Headers.Location!.OriginalString.Split('/')[^1]);
        await _client.SendAsync(again);
        Assert.That(_refunds.Paid, Is.EqualTo(before + 250));
        _enforcer.AssertCompleted("refund");
    }

    [Test]
    public async Task Refund_WithoutAnEnforcer_IsRefused()
    {
        _enforcer.Unreachable();

        var response = await _client.PostAsync("/orders/A-1/refund?amount=40", null);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    private async Task<string?> StateAsync(Uri location) =>
        (await _client.GetFromJsonAsync<JsonElement>(location)).GetProperty("state").GetString();
}
