using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Thoth.Interception.AspNetCore.Tests.Support;

namespace Thoth.Interception.AspNetCore.Tests.Problems;

public class ProblemDetailsTests
{
    [Test]
    public async Task HeldCall_Is202WithItsStatusAndNoArgument()
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.PostAsync("/refund?order=SECRET-1&amount=250", conversation: "chat");
        var text = await response.Content.ReadAsStringAsync();
        var body = JsonDocument.Parse(text).RootElement;
        var held = await host.Holds.GetAsync(body.GetProperty("heldId").GetString()!);

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(response.Headers.Location!.OriginalString, Is.EqualTo($"/holds/{held!.Id}"));
            Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(response.Headers.CacheControl!.NoStore, Is.True);
            Assert.That(body.GetProperty("status").GetInt32(), Is.EqualTo(202));
            Assert.That(body.GetProperty("type").GetString(), Is.EqualTo("urn:thoth:problem:held"));
            Assert.That(body.GetProperty("detail").GetString(), Is.EqualTo("Refunds above 100 need an approval."));
            Assert.That(body.GetProperty("tool").GetString(), Is.EqualTo("refund"));
            Assert.That(body.GetProperty("ruleIds")[0].GetString(), Is.EqualTo("big-refund"));
            Assert.That(body.GetProperty("expiresAt").GetDateTimeOffset(), Is.EqualTo(held.ExpiresAt));
            Assert.That(text, Does.Not.Contain("SECRET-1"));
            Assert.That(host.Runs, Is.Empty);
        });
    }

    [Test]
    public async Task BlockedCall_Is403WithCodeAndRule()
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.PostAsync("/wipe");
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(body.GetProperty("type").GetString(), Is.EqualTo("urn:thoth:problem:blocked"));
            Assert.That(body.GetProperty("detail").GetString(), Is.EqualTo("Nothing is wiped."));
            Assert.That(body.GetProperty("reasonCode").GetString(), Is.EqualTo("no_wipe"));
            Assert.That(body.GetProperty("ruleIds")[0].GetString(), Is.EqualTo("no-wipe"));
            Assert.That(body.TryGetProperty("heldId", out _), Is.False);
        });
    }

    [Test]
    public async Task DeferredCall_Is503WithRetryAfter()
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.PostAsync("/report");
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(300)));
            Assert.That(body.GetProperty("type").GetString(), Is.EqualTo("urn:thoth:problem:deferred"));
        });
    }

    [Test]
    public async Task EnforcerThatIsDown_Is503()
    {
        await using var host = await WebHost.StartAsync(build: builder => builder.Services.AddThoth().UseEnforcer(new DownEnforcer()));

        using var response = await host.PostAsync("/read?order=A-1");
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(body.GetProperty("type").GetString(), Is.EqualTo("urn:thoth:problem:not-decided"));
            Assert.That(body.GetProperty("reasonCode").GetString(), Is.EqualTo(SdkReasonCodes.EnforcerUnreachable));
        });
    }

    [Test]
    public async Task TooManyHeldCalls_Are503()
    {
        await using var host = await WebHost.StartAsync(thoth: options => options.StepUp.MaxHeldCalls = 1);
        _ = await host.HoldAsync(conversation: "chat");

        using var response = await host.PostAsync("/refund?order=A-2&amount=250", conversation: "chat");
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(body.GetProperty("reasonCode").GetString(), Is.EqualTo(SdkReasonCodes.TooManyHeldCalls));
        });
    }

    [Test]
    public async Task DeniedCall_Is403WithTheReason()
    {
        await using var host = await WebHost.StartAsync();
        var id = await host.HoldAsync(conversation: "chat");
        await host.Holds.ResolveAsync((await host.Holds.GetAsync(id))!, ApprovalAnswer.Deny("bob", "Too much."));

        using var response = await host.PostAsync("/refund?order=A-1&amount=250", conversation: "chat", held: id);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(body.GetProperty("type").GetString(), Is.EqualTo("urn:thoth:problem:step-up-rejected"));
            Assert.That(body.GetProperty("detail").GetString(), Does.Contain("Too much."));
            Assert.That(host.Runs, Is.Empty);
        });
    }

    [TestCase("text/html")]
    [TestCase("text/event-stream")]
    [TestCase("image/png")]
    public async Task ClientThatAcceptsAnotherType_GetsTheProblemAllTheSame(string accept)
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.SendAsync(HttpMethod.Post, "/wipe", headers: ("Accept", accept));

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"));
        });
    }

    [TestCase("/refund?order=A-1&amount=250")]
    [TestCase("/wipe")]
    [TestCase("/report")]
    public async Task RefusedCall_IsNotLoggedAsAnUnhandledError(string path)
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.PostAsync(path);

        Assert.Multiple(() =>
        {
            Assert.That(host.Logs.At(LogLevel.Error), Is.Empty);
            Assert.That(host.Logs.At(LogLevel.Warning).Where(entry => !entry.StartsWith("Thoth.")), Is.Empty);
        });
    }

    [Test]
    public async Task OtherException_IsNotHandled()
    {
        await using var host = await WebHost.StartAsync(app =>
        {
            WebHost.MapDefault(app);
            app.MapGet("/fails", string () => throw new InvalidOperationException("boom"));
        });

        using var response = await host.GetAsync("/fails");

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
            Assert.That(host.Logs.At(LogLevel.Error), Has.Some.Contains("unhandled exception"));
        });
    }

    [Test]
    public async Task ResponseThatHasStarted_IsCutOff()
    {
        await using var host = await WebHost.StartAsync(app =>
        {
            WebHost.MapDefault(app);
            app.MapGet("/late", async (HttpResponse response, IShopTools shop) =>
            {
                await response.WriteAsync("so far, ");
                await response.Body.FlushAsync();
                await shop.WipeAsync();
            });
        });

        using var response = await host.GetAsync("/late");

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
            Assert.That(host.Logs.At(LogLevel.Error), Has.Some.Contains(nameof(PolicyViolationException)));
        });
    }

    [Test]
    public async Task HeldCall_WithoutMappedHolds_HasNoLocation()
    {
        await using var host = await WebHost.StartAsync(app =>
        {
            app.UseExceptionHandler();
            app.UseThoth();
            app.MapPost("/refund", (IShopTools shop) => shop.RefundAsync("A-1", 250));
        });

        using var response = await host.PostAsync("/refund");

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(response.Headers.Location, Is.Null);
        });
    }

    [Test]
    public async Task HeldCall_UnderAPathBaseAndARouteWithValues_HasALocationThatWorks()
    {
        await using var host = await WebHost.StartAsync(app =>
        {
            app.UsePathBase("/app");
            app.UseRouting();
            app.UseExceptionHandler();
            app.UseThoth();
            var shops = app.MapGroup("/shops/{shop}");
            shops.MapThothHolds("/holds");
            shops.MapPost("/refund", (IShopTools shop) => shop.RefundAsync("A-1", 250));
        });

        using var response = await host.PostAsync("/app/shops/7/refund");
        using var status = await host.GetAsync(response.Headers.Location!.OriginalString);

        Assert.Multiple(() =>
        {
            Assert.That(response.Headers.Location!.OriginalString, Does.StartWith("/app/shops/7/holds/"));
            Assert.That(status.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    private sealed class DownEnforcer : IEnforcer
    {
        public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) =>
            throw new EnforcerUnavailableException(SdkReasonCodes.EnforcerUnreachable, "The enforcer is down.");
    }
}
