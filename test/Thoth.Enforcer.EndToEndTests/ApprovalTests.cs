using System.Net.Sockets;
using Microsoft.Playwright;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.EndToEndTests.Support;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Tests.Support;
using Thoth.Interception;
using static Microsoft.Playwright.Assertions;

namespace Thoth.Enforcer.EndToEndTests;

/// <summary>A person in the browser decides about a governed call; the server is between them.</summary>
public class ApprovalTests
{
    [Test]
    public async Task HeldCall_ApprovedOnThePage_RunsTheTool()
    {
        await using var host = await StartAsync();
        await using var bank = new GovernedBank(host.Url);
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        await page.SignInAsync(host.Url, "Grace");
        await Expect(page.GetByText("No call waits for you.")).ToBeVisibleAsync();
        await bank.Governed.ReadDocAsync("a.md");

        var call = bank.Governed.RefundAsync("A-1", 900);
        var card = page.Card("refund");
        await Expect(card).ToBeVisibleAsync();

        await Expect(card.Locator(".json")).ToContainTextAsync("\"amount\": 900");
        await Expect(card).ToContainTextAsync("Refunds need an approval.");
        await Expect(card).ToContainTextAsync("support-agent");
        await Expect(card.Locator(".before")).ToContainTextAsync("read_doc");
        await Expect(card.Locator(".clock")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[45]:\\d\\d$"));
        await Expect(page).ToHaveTitleAsync("(1) Approvals · Thoth enforcer");
        await Expect(page.Locator("#announce")).ToContainTextAsync("New call to decide: refund");
        Assert.That(bank.Tools.Calls, Is.EqualTo(1));
        await card.GetByLabel("Reason for refund").FillAsync("Asked the customer.");
        await card.AnswerAsync("Approve");

        Assert.That(await call, Is.EqualTo("refunded 900 of A-1"));
        await Expect(page.GetByText("refund is approved")).ToHaveCountAsync(2);
        await Expect(card).ToHaveCountAsync(0);
        await Expect(page.History().First).ToContainTextAsync("Approved");
        await Expect(page.History().First).ToContainTextAsync("by Grace; it ran");
    }

    [Test]
    public async Task HeldCall_DeniedOnThePage_NeverRunsTheTool()
    {
        await using var host = await StartAsync();
        await using var bank = new GovernedBank(host.Url);
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        await page.SignInAsync(host.Url, "Grace");

        var call = bank.Governed.RefundAsync("A-1", 900);
        await page.Card("refund").GetByLabel("Reason for refund").FillAsync("Too much.");
        await page.Card("refund").AnswerAsync("Deny");

        var rejected = await Assert.ThrowsAsync<StepUpRejectedException>(() => call);
        Assert.That((rejected.Reason, bank.Tools.Calls), Is.EqualTo(("Too much.", 0)));
        await Expect(page.History().First).ToContainTextAsync("Denied");
    }

    [Test]
    public async Task HeldCall_WithoutAnAnswer_ExpiresOnThePage()
    {
        await using var host = await StartAsync(options => options with { HoldLifetime = TimeSpan.FromSeconds(3) });
        await using var bank = new GovernedBank(host.Url);
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        await page.SignInAsync(host.Url, "Grace");

        var call = bank.Governed.TransferAsync(900);
        await Expect(page.Card("transfer")).ToBeVisibleAsync();

        await Assert.ThrowsAsync<StepUpRejectedException>(() => call);
        await Expect(page.Card("transfer")).ToHaveCountAsync(0);
        await Expect(page.History().First).ToContainTextAsync("not decided in time");
        Assert.That(bank.Tools.Calls, Is.Zero);
    }

    [Test]
    public async Task HeldCall_TwoAnswersAtOnce_OneWins()
    {
        await using var host = await StartAsync();
        await using var bank = new GovernedBank(host.Url);
        await using var browser = await Browser.StartAsync();
        var (grace, linus) = (await browser.OpenAsync(), await browser.OpenAsync());
        await grace.SignInAsync(host.Url, "Grace");
        await linus.SignInAsync(host.Url, "Linus");

        var call = bank.Governed.RefundAsync("A-1", 900);
        await Expect(grace.Card("refund")).ToBeVisibleAsync();
        await Expect(linus.Card("refund")).ToBeVisibleAsync();
        await Task.WhenAll(PressEvenIfGoneAsync(grace.Card("refund"), "Approve"), PressEvenIfGoneAsync(linus.Card("refund"), "Deny"));

        await Expect(grace.History()).ToHaveCountAsync(1);
        await Expect(linus.History()).ToHaveCountAsync(1);
        var hold = host.Approvals.History().Single();
        if (hold.State == HoldState.Approved)
        {
            Assert.That((hold.Approver, await call), Is.EqualTo(("Grace", "refunded 900 of A-1")));
        }
        else
        {
            await Assert.ThrowsAsync<StepUpRejectedException>(() => call);
            Assert.That((hold.Approver, bank.Tools.Calls), Is.EqualTo(("Linus", 0)));
        }
    }

    [Test]
    public async Task Answer_FromAnOldPage_IsToldThatAnotherWasFirst()
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var late = await browser.OpenAsync(script: false);
        var (_, hold) = await host.HoldAsync();
        await late.SignInAsync(host.Url, "Linus");
        await host.Approvals.DenyAsync(hold.Id, hold.ArgumentsHash, "Grace");

        await late.Card("refund").AnswerAsync("Approve");

        await Expect(late.GetByRole(AriaRole.Alert)).ToHaveTextAsync($"Grace was faster: refund was denied already (amount 900, id {hold.Id[^6..]}).");
        Assert.That(host.Approvals.Find(hold.Id)!.State, Is.EqualTo(HoldState.Denied));
    }

    [Test]
    public async Task HeldCall_WithoutScript_IsAnsweredByTheForm()
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(script: false);
        var (_, hold) = await host.HoldAsync();
        await page.SignInAsync(host.Url, "Grace");

        await page.Card("refund").AnswerAsync("Approve");

        await Expect(page.GetByText("refund is approved")).ToBeVisibleAsync();
        Assert.That(host.Approvals.Find(hold.Id)!.Approver, Is.EqualTo("Grace"));
    }

    [Test]
    public async Task ServerRestart_WhileACallIsHeld_PageReconnectsAndApproves()
    {
        var port = FreePort();
        await using var host = await StartAsync(options => options with { Urls = $"http://127.0.0.1:{port}" });
        await using var bank = new GovernedBank(host.Url);
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        await page.SignInAsync(host.Url, "Grace");
        var call = bank.Governed.RefundAsync("A-1", 900);
        await Expect(page.Card("refund")).ToBeVisibleAsync();
        await page.Card("refund").GetByLabel("Reason for refund").FillAsync("typed before the restart");

        await host.RestartAsync();
        await Expect(page.Locator("#connection")).ToContainTextAsync("Live", new() { Timeout = 20_000 });
        await page.Card("refund").AnswerAsync("Approve");

        Assert.That(await call, Is.EqualTo("refunded 900 of A-1"));
        Assert.That(host.Approvals.History().Single().Answer, Is.EqualTo("typed before the restart"));
    }

    [Test]
    public async Task Card_ScriptAndSecretsInArguments_AreTextAndMasked()
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        var alerts = new List<string>();
        page.Dialog += (_, dialog) => alerts.Add(dialog.Message);
        const string Attack = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>";
        await host.HoldAsync(new { note = Attack, password = "hunter2-hunter2", nested = new { api_key = "k-123456" }, turned = "a\u202Eb" });

        await page.SignInAsync(host.Url, "<b>Grace</b>");
        var json = page.Card("refund").Locator(".json");

        await Expect(json).ToContainTextAsync("<script>alert(1)</script><img src=x onerror=alert(2)>");
        await Expect(json).ToContainTextAsync("a⟨U+202E⟩b");
        await Expect(json.Locator(".masked")).ToHaveCountAsync(2);
        await Expect(page.Locator(".who .name")).ToHaveTextAsync("<b>Grace</b>");
        Assert.That(await page.ContentAsync(), Does.Not.Contain("hunter2").And.Not.Contain("k-123456"));
        Assert.That(alerts, Is.Empty);
    }

    [Test]
    public async Task Keys_Pressed_FocusCardsAndTheirButtons()
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        await host.HoldAsync();
        var (_, newest) = await host.HoldAsync(new { order = "A-2", amount = 950 });
        await page.SignInAsync(host.Url, "Grace");

        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator($"#{newest.Id}")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("d");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".card")).ToHaveCountAsync(1);
        Assert.That(host.Approvals.Find(newest.Id)!.State, Is.EqualTo(HoldState.Denied));
    }

    private static Task<EnforcerHost> StartAsync(Func<EnforcerOptions, EnforcerOptions>? configure = null) => EnforcerHost.StartAsync(
        options => (configure?.Invoke(options) ?? options) with { PageToken = PageDriver.Token }, TimeProvider.System);

    /// <summary>The card of the slower person may be gone before the button is pressed.</summary>
    private static async Task PressEvenIfGoneAsync(ILocator card, string answer)
    {
        try
        {
            await card.GetByRole(AriaRole.Button, new() { Name = answer }).ClickAsync(new() { Timeout = 10_000 });
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException)
        {
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
