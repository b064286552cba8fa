using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Thoth.Enforcer.EndToEndTests.Support;
using Thoth.Interception.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Thoth.Enforcer.EndToEndTests;

/// <summary>samples/WebTools and the enforcer, each in a process of its own; people in the browser are at both.</summary>
public class WebToolsTests
{
    private static readonly string s_policy = File.ReadAllText(Path.Combine(Repository.Root, "samples", "WebTools", "thoth.policy.json"));

    [Test]
    public async Task HeldRefund_ApprovedInAnotherTab_ContinuesByItself()
    {
        await using var enforcer = await ProgramProcess.StartEnforcerAsync(s_policy);
        await using var sample = await StartSampleAsync(enforcer);
        await using var browser = await Browser.StartAsync();
        var desk = await browser.OpenAsync();
        var complaints = ComplaintsOf(desk);
        var approver = await browser.OpenAsync();
        await desk.OpenDeskAsync(sample.Url, "alice");
        await approver.SignInAsync(enforcer.Url, "Grace");

        await (await desk.RefundAsync("A-1", "50")).ToBeAsync("Ran", "Order A-1 is refunded.");
        await (await desk.RefundAsync("A-2", "5000")).ToBeAsync("Blocked", "Refunds above 1000 are made in the office.");
        await desk.GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync();
        await Expect(desk.Locator(".card").First.Locator(".text")).ToHaveTextAsync("order,amount\nA-1,50");
        var card = await desk.RefundAsync("A-3", "250");
        await card.ToBeAsync("Held", "Refunds above 100 need an approval.");
        await Expect(card.GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", enforcer.Url);
        await Screenshots.TakeAsync(desk, "refund-held");
        await desk.ReloadAsync();
        await card.ToBeAsync("Held", "Refunds above 100 need an approval.");
        await Expect(approver.Card("refund").Locator(".json")).ToContainTextAsync("A-3");
        await approver.Card("refund").AnswerAsync("Approve");

        await card.ToBeAsync("Ran", "Order A-3 is refunded.");
        await Expect(desk.Ledger("refunded")).ToHaveCountAsync(2);
        await Expect(desk.Ledger("refunded").First).ToContainTextAsync("A-3refunded, approved by Grace");
        await Expect(desk.Ledger("requested").Filter(new() { HasText = "A-3" })).ToHaveCountAsync(1);
        await Screenshots.TakeAsync(desk, "refund-ran");
        await desk.ReloadAsync();
        await Expect(desk.Locator("#none")).ToBeVisibleAsync();
        Assert.That(complaints, Is.EqualTo((string[])["Failed to load resource: the server responded with a status of 403 (Forbidden)"]), "the blocked refund");
    }

    [Test]
    public async Task HeldRefund_DeniedInAnotherTab_ShowsTheReasonAndNeverRuns()
    {
        await using var enforcer = await ProgramProcess.StartEnforcerAsync(s_policy);
        await using var sample = await StartSampleAsync(enforcer);
        await using var browser = await Browser.StartAsync();
        var desk = await browser.OpenAsync();
        var approver = await browser.OpenAsync();
        await desk.OpenDeskAsync(sample.Url, "alice");
        await approver.SignInAsync(enforcer.Url, "Grace");
        var card = await desk.RefundAsync("A-1", "250");
        await card.ToBeAsync("Held", "Refunds above 100 need an approval.");

        await approver.Card("refund").GetByLabel("Reason for refund").FillAsync("The parcel has arrived.");
        await approver.Card("refund").AnswerAsync("Deny");

        await card.ToBeAsync("Denied", "The parcel has arrived.");
        await Expect(desk.Ledger("refunded")).ToHaveCountAsync(0);
        await Screenshots.TakeAsync(desk, "webtools-denied");
    }

    [Test]
    public async Task HeldRefund_WithoutAnAnswer_Expires()
    {
        await using var enforcer = await ProgramProcess.StartEnforcerAsync(s_policy.Replace(
            "\"reason\": \"Refunds above 100 need", "\"timeout_seconds\": 3, \"reason\": \"Refunds above 100 need", StringComparison.Ordinal));
        await using var sample = await StartSampleAsync(enforcer);
        await using var browser = await Browser.StartAsync();
        var desk = await browser.OpenAsync();
        await desk.OpenDeskAsync(sample.Url, "alice");
        var card = await desk.RefundAsync("A-1", "250");

        await card.ToBeAsync("Expired", "No approval came in time. Nothing ran.");
        await Expect(desk.Ledger("refunded")).ToHaveCountAsync(0);
        await Screenshots.TakeAsync(desk, "webtools-expired");
    }

    [Test]
    public async Task HeldRefund_OfAnotherUser_IsNeitherSeenNorResumed()
    {
        await using var enforcer = await ProgramProcess.StartEnforcerAsync(s_policy);
        await using var sample = await StartSampleAsync(enforcer);
        await using var browser = await Browser.StartAsync();
        var approver = await browser.OpenAsync();
        await approver.SignInAsync(enforcer.Url, "Grace");
        using var alice = await RefundDesk.SignInAsync(sample.Url, "alice");
        using var bob = await RefundDesk.SignInAsync(sample.Url, "bob");
        using var nobody = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(sample.Url) };
        using var held = await alice.PostRefundAsync("A-1", 250, "desk");
        var id = (await held.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("heldId").GetString()!;
        await approver.Card("refund").AnswerAsync("Approve");
        await Expect(approver.History().First).ToContainTextAsync("Approved");
        var page = await browser.OpenAsync();
        await page.OpenDeskAsync(sample.Url, "bob");
        await page.GotoAsync($"{sample.Url}/?conversation=desk");
        await Expect(page.Locator("#name")).ToHaveTextAsync("bob");

        var statuses = new List<HttpStatusCode>();
        foreach (var client in (HttpClient[])[bob, nobody])
        {
            statuses.Add((await client.GetAsync(new Uri($"/holds/{id}", UriKind.Relative))).StatusCode);
            statuses.Add((await client.GetAsync(new Uri($"/holds/{id}/events", UriKind.Relative))).StatusCode);
            statuses.Add((await client.PostRefundAsync("A-1", 250, "desk", id)).StatusCode);
        }

        Assert.That(held.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(statuses, Is.EqualTo((HttpStatusCode[])[
            HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.PreconditionFailed,
            HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized]));
        await Expect(page.Locator(".card")).ToHaveCountAsync(0);
        await page.GotoAsync($"{sample.Url}/approve.html");
        await Expect(page).ToHaveURLAsync(new Regex($"^{Regex.Escape(enforcer.Url)}/"));
        Assert.That(await bob.BookedAsync(), Is.Empty);
        using var continued = await alice.PostRefundAsync("A-1", 250, "desk", id);
        Assert.That(await continued.Content.ReadAsStringAsync(), Is.EqualTo("Order A-1 is refunded."));
        Assert.That(await bob.BookedAsync(), Is.EqualTo((string[])["A-1"]));
    }

    [Test]
    public async Task RefundThatWaits_AbortedAndThenApproved_NeverRuns()
    {
        await using var enforcer = await ProgramProcess.StartEnforcerAsync(s_policy);
        await using var sample = await StartSampleAsync(enforcer, "--Thoth:StepUp:Mode", "Wait");
        await using var browser = await Browser.StartAsync();
        var approver = await browser.OpenAsync();
        await approver.SignInAsync(enforcer.Url, "Grace");
        using var alice = await RefundDesk.SignInAsync(sample.Url, "alice");
        using var abort = new CancellationTokenSource();

        var aborted = alice.PostRefundAsync("A-1", 250, "desk", cancellationToken: abort.Token);
        await Expect(approver.Card("refund").Locator(".json")).ToContainTextAsync("A-1");
        var answered = alice.PostRefundAsync("A-2", 250, "desk");
        await Expect(approver.Locator("#arrivals")).ToContainTextAsync("1 new call.");
        await abort.CancelAsync();
        Assert.That(async () => await aborted, Throws.InstanceOf<OperationCanceledException>());
        await approver.Card("refund").Filter(new() { HasText = "A-1" }).AnswerAsync("Approve");
        await Expect(approver.History().First).ToContainTextAsync("Approved");
        await approver.ReloadAsync();
        await approver.Card("refund").Filter(new() { HasText = "A-2" }).AnswerAsync("Approve");

        Assert.That(await (await answered).Content.ReadAsStringAsync(), Is.EqualTo("Order A-2 is refunded."));
        Assert.That(await alice.BookedAsync(), Is.EqualTo((string[])["A-2"]));
        Assert.That(sample.Output, Does.Not.Contain("unhandled exception").IgnoreCase);
    }

    [Test]
    public async Task Page_ClosedWhileItsCallIsHeld_NeverRunsIt()
    {
        await using var enforcer = await ProgramProcess.StartEnforcerAsync(s_policy);
        await using var sample = await StartSampleAsync(enforcer);
        await using var browser = await Browser.StartAsync();
        var desk = await browser.OpenAsync();
        var approver = await browser.OpenAsync();
        await desk.OpenDeskAsync(sample.Url, "alice");
        await approver.SignInAsync(enforcer.Url, "Grace");
        await (await desk.RefundAsync("A-1", "250")).ToBeAsync("Held", "Refunds above 100");
        var address = desk.Url;
        await desk.GotoAsync("about:blank");

        await approver.Card("refund").AnswerAsync("Approve");
        await Expect(approver.History().First).ToContainTextAsync("Approved");
        using var alice = await RefundDesk.SignInAsync(sample.Url, "alice");

        Assert.That(await alice.BookedAsync(), Is.Empty);
        await desk.GotoAsync(address);
        await desk.CardOf("A-1").ToBeAsync("Ran", "Order A-1 is refunded.");
        Assert.That(await alice.BookedAsync(), Is.EqualTo((string[])["A-1"]));
    }

    [Test]
    public async Task WithoutAnEnforcer_AnotherUserApprovesOnThePageOfTheSample()
    {
        await using var sample = await ProgramProcess.StartSampleAsync("WebTools");
        await using var browser = await Browser.StartAsync();
        foreach (var (size, name) in new[] { (Browser.Large, "webtools"), (Browser.Phone, "webtools-phone") })
        {
            var desk = await browser.OpenAsync(size);
            var approver = await browser.OpenAsync(size);
            await desk.GotoAsync($"{sample.Url}/");
            await Expect(desk).ToHaveTitleAsync("Sign in · Refund desk");
            await TakeBothAsync(desk, $"{name}-sign-in");
            await desk.OpenDeskAsync(sample.Url, "alice");
            await approver.OpenDeskAsync(sample.Url, "bob");
            await approver.GotoAsync($"{sample.Url}{await approver.GetByRole(AriaRole.Link, new() { Name = "Approvals" }).GetAttributeAsync("href")}");
            await Expect(approver.GetByText("No call waits for an approval.")).ToBeVisibleAsync();

            await (await desk.RefundAsync("A-1", "50")).ToBeAsync("Ran", "Order A-1 is refunded.");
            await (await desk.RefundAsync("A-2", "5000")).ToBeAsync("Blocked", "Refunds above 1000 are made in the office.");
            var denied = await desk.RefundAsync("A-3", "900");
            await Expect(approver.Locator(".json")).ToContainTextAsync("A-3");
            await approver.GetByLabel("Reason").FillAsync("The parcel has arrived.");
            await TakeBothAsync(approver, $"{name}-approve");
            await approver.GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();
            await denied.ToBeAsync("Denied", "The parcel has arrived.");
            var approved = await desk.RefundAsync("A-4", "250");
            await approved.ToBeAsync("Held", "Refunds above 100 need an approval.");
            await TakeBothAsync(desk, name);
            await approver.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
            await approved.ToBeAsync("Ran", "Order A-4 is refunded.");
            await TakeBothAsync(desk, $"{name}-ran");
        }
    }

    [Test]
    public async Task HeldRefunds_MoreThanAPageHasStreamsFor_AllContinue()
    {
        await using var sample = await ProgramProcess.StartSampleAsync("WebTools");
        await using var browser = await Browser.StartAsync();
        var desk = await browser.OpenAsync();
        await desk.OpenDeskAsync(sample.Url, "alice");
        using var bob = await RefundDesk.SignInAsync(sample.Url, "bob");
        string[] orders = ["A-1", "A-2", "<b>A-3", "A-4"];
        foreach (var order in orders)
        {
            await (await desk.RefundAsync(order, "250")).ToBeAsync("Held", "Refunds above 100 need an approval.");
        }

        await Expect(desk).ToHaveTitleAsync("(4) Refund desk");
        await bob.ApproveAllAsync();

        foreach (var order in orders)
        {
            await desk.CardOf(order).ToBeAsync("Ran", $"Order {order} is refunded.");
        }

        Assert.That(await bob.BookedAsync(), Is.EquivalentTo(orders));
    }

    [Test]
    public async Task HeldRefund_RepeatedBeforeItsAnswer_GoesOnWaiting()
    {
        await using var sample = await ProgramProcess.StartSampleAsync("WebTools");
        await using var browser = await Browser.StartAsync();
        var desk = await browser.OpenAsync();
        await desk.OpenDeskAsync(sample.Url, "alice");
        using var bob = await RefundDesk.SignInAsync(sample.Url, "bob");
        var repeated = desk.WaitForRequestAsync(request => request.Headers.ContainsKey("thoth-held"));
        await desk.RouteAsync("**/events", route => route.FulfillAsync(new()
        {
            ContentType = "text/event-stream",
            Body = "event: state\ndata: {\"state\":\"approved\"}\n\n",
        }), new() { Times = 1 });

        var card = await desk.RefundAsync("A-1", "250");
        await repeated;
        await card.ToBeAsync("Held", "Refunds above 100 need an approval.");
        await Expect(desk.Locator(".card")).ToHaveCountAsync(1);
        Assert.That(await bob.BookedAsync(), Is.Empty);
        await bob.ApproveAllAsync();

        await card.ToBeAsync("Ran", "Order A-1 is refunded.");
        Assert.That(await bob.BookedAsync(), Is.EqualTo((string[])["A-1"]));
    }

    [Test]
    public async Task HeldRefund_TwoTabsOfOneConversation_RunsOnce()
    {
        await using var sample = await ProgramProcess.StartSampleAsync("WebTools");
        await using var browser = await Browser.StartAsync();
        var desk = await browser.OpenAsync();
        await desk.OpenDeskAsync(sample.Url, "alice");
        using var bob = await RefundDesk.SignInAsync(sample.Url, "bob");
        await (await desk.RefundAsync("A-1", "250")).ToBeAsync("Held", "Refunds above 100 need an approval.");
        var second = await desk.Context.NewPageAsync();
        await second.GotoAsync(desk.Url);
        await second.CardOf("A-1").ToBeAsync("Held", "Refunds above 100 need an approval.");

        await bob.ApproveAllAsync();

        foreach (var tab in (IPage[])[desk, second])
        {
            await Expect(tab.CardOf("A-1").Locator(".pill")).ToHaveTextAsync(new Regex("^Ran"), new() { Timeout = 20_000 });
        }

        Assert.That(await bob.BookedAsync(), Is.EqualTo((string[])["A-1"]));
    }

    [Test]
    public async Task WithoutAnEnforcer_OnlyAnApproverApproves()
    {
        await using var sample = await ProgramProcess.StartSampleAsync("WebTools");
        using var alice = await RefundDesk.SignInAsync(sample.Url, "alice");
        using var held = await alice.PostRefundAsync("A-1", 250, "desk");
        var id = (await held.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("heldId").GetString()!;

        using var list = await alice.GetAsync(new Uri("/approvals", UriKind.Relative));
        using var approval = await alice.PostAsync(new Uri($"/approvals/{id}", UriKind.Relative), null);
        using var repeated = await alice.PostRefundAsync("A-1", 250, "desk", id);

        Assert.That((list.StatusCode, approval.StatusCode, repeated.StatusCode), Is.EqualTo((HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Accepted)));
        Assert.That(await alice.BookedAsync(), Is.Empty);
    }

    [Test]
    public async Task CallBeforeTheHeldOne_OfARepeatedRequest_IsWrittenOnce()
    {
        await using var sample = await ProgramProcess.StartSampleAsync("WebTools");
        using var alice = await RefundDesk.SignInAsync(sample.Url, "alice");
        using var bob = await RefundDesk.SignInAsync(sample.Url, "bob");
        using var held = await alice.PostRefundAsync("A-1", 250, "desk");
        var id = (await held.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("heldId").GetString()!;
        using var early = await alice.PostRefundAsync("A-1", 250, "desk", id);
        await bob.ApproveAllAsync();

        using var repeated = await alice.PostRefundAsync("A-1", 250, "desk", id);
        using var first = await alice.PostRefundAsync("A-2", 50, "desk");
        using var second = await alice.PostRefundAsync("A-2", 50, "desk");

        Assert.That((early.StatusCode, repeated.StatusCode), Is.EqualTo((HttpStatusCode.Accepted, HttpStatusCode.OK)));
        Assert.That(await alice.BookedAsync("requested"), Is.EqualTo((string[])["A-1", "A-2", "A-2"]), "two requests for the same are two");
        Assert.That(await alice.BookedAsync(), Is.EqualTo((string[])["A-1", "A-2", "A-2"]));
    }

    private static Task<ProgramProcess> StartSampleAsync(ProgramProcess enforcer, params string[] arguments) =>
        ProgramProcess.StartSampleAsync("WebTools", ["--enforcer", enforcer.Url, .. arguments]);

    /// <summary>Takes a picture in light and in dark colours, and expects that nothing is wider than the window.</summary>
    private static async Task TakeBothAsync(IPage page, string name)
    {
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await Screenshots.TakeAsync(page, scheme == ColorScheme.Dark ? $"{name}-dark" : name);
        }

        Assert.That(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth"), Is.LessThanOrEqualTo(0), name);
    }

    private static List<string> ComplaintsOf(IPage page)
    {
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Add(message.Text);
            }
        };
        return complaints;
    }
}
