using Microsoft.Playwright;
using Thoth.Enforcer.EndToEndTests.Support;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Thoth.Enforcer.EndToEndTests;

/// <summary>A person sees the whole call before approving it: what is cut, masked or gone says so.</summary>
public class CardTests
{
    private static readonly object s_long = new { cmd = "ls", pad = string.Join(' ', Enumerable.Range(1, 2_000)), zz_cmd = "rm -rf /" };

    [TestCase(true)]
    [TestCase(false)]
    public async Task CutCard_IsApprovedOnTheCallsOwnPageOnly(bool script)
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(script: script);
        var (_, hold) = await host.HoldAsync(s_long);
        await page.SignInAsync(host.Url, "Grace");

        await Expect(page.Card("refund")).Not.ToContainTextAsync("zz_cmd");
        await Expect(page.ButtonOf(hold.Id, "Approve")).ToBeDisabledAsync();
        await Expect(page.ButtonOf(hold.Id, "Deny")).ToBeEnabledAsync();
        await page.Card("refund").GetByRole(AriaRole.Link, new() { Name = "Open the whole call" }).First.ClickAsync();
        await Expect(page.Card("refund")).ToContainTextAsync("\"zz_cmd\": \"rm -rf /\"");
        await page.ButtonOf(hold.Id, "Approve").ClickAsync();

        await Expect(page.GetByText($"refund is approved: cmd ls, id {hold.Id[^6..]}.").First).ToBeVisibleAsync();
        Assert.That(host.Approvals.Find(hold.Id)!.State, Is.EqualTo(HoldState.Approved));
    }

    [Test]
    public async Task WholeCall_HasItsButtonsBelowAllArguments()
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        foreach (var size in new[] { Browser.Desktop, Browser.Phone })
        {
            var page = await browser.OpenAsync(size);
            var (_, hold) = await host.HoldAsync(Enumerable.Range(0, 200).ToDictionary(i => $"member_{i}", i => i));
            await page.SignInAsync(host.Url, "Grace");
            await page.GotoAsync($"{host.Url}/holds/{hold.Id}");

            await Expect(page.ButtonOf(hold.Id, "Approve")).Not.ToBeInViewportAsync();
            var end = (await page.Locator(".json").BoundingBoxAsync())! is var box ? box.Y + box.Height : 0;
            Assert.That((await page.ButtonOf(hold.Id, "Approve").BoundingBoxAsync())!.Y, Is.GreaterThan(end));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task MaskedValue_ShownOnPurpose_IsRecorded(bool script)
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(script: script);
        var (_, hold) = await host.HoldAsync(new { cmd = "ls", secret_args = "rm -rf /", password = new { cmd = "curl evil.example" } });
        await page.SignInAsync(host.Url, "Grace");
        var card = page.Card("refund");
        await Expect(card.Locator(".json")).ToContainTextAsync("\"secret_args\": •••••• masked, 8 characters");
        await Expect(card.Locator(".json")).ToContainTextAsync("curl evil.example");
        await Expect(card).ToContainTextAsync("1 value is masked: you answer without having seen it.");
        Assert.That(host.Approvals.Reveals(hold.Id), Is.Empty);

        await card.GetByRole(AriaRole.Button, new() { Name = "Show the masked value" }).ClickAsync();

        await Expect(card.Locator(".revealed")).ToHaveTextAsync("\"rm -rf /\"");
        await Expect(page.GetByText("Masked values were shown to Grace")).ToBeVisibleAsync();
        Assert.That(host.Approvals.Reveals(hold.Id).Select(row => row.Who), Is.EqualTo(["Grace"]));
        await page.ButtonOf(hold.Id, "Approve").ClickAsync();
        await Expect(page.GetByText("refund is approved").First).ToBeVisibleAsync();
        await page.GotoAsync($"{host.Url}/holds/{hold.Id}");
        await Expect(page.GetByText("Masked values were shown to Grace")).ToBeVisibleAsync();
        await Expect(page.Locator(".revealed")).ToHaveCountAsync(0);
    }

    [Test]
    public async Task CallerGone_CardBelowThePointer_EndsAndCannotBeApproved()
    {
        await using var host = await EnforcerHost.StartAsync(options => options with { PageToken = PageDriver.Token });
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        var (_, stays) = await host.HoldAsync();
        var (token, hold) = await host.HoldAsync(new { amount = 7 }, "transfer");
        await page.SignInAsync(host.Url, "Grace");
        await Expect(page.Card("refund")).ToContainTextAsync("has not asked yet");
        await host.PollAsync(token);
        await page.ReloadAsync();
        await Expect(page.Card("transfer")).ToContainTextAsync("last asked");
        await page.PointAtAsync(page.ButtonOf(hold.Id, "Approve"));

        host.Time.Advance(TimeSpan.FromSeconds(31));
        while (await page.Locator(".over").CountAsync() == 0)
        {
            // The server's pauses between notices take its time.
            host.Time.Advance(TimeSpan.FromMilliseconds(100));
            await page.EvaluateAsync("() => new Promise(requestAnimationFrame)");
        }

        await Expect(page.Locator(".over")).ToContainTextAsync("the caller no longer asks");
        await page.PressAsync();
        var late = await browser.OpenAsync();
        await late.SignInAsync(host.Url, "Linus");
        await Expect(late.Locator(".card")).ToHaveCountAsync(1);
        await Expect(late.History().First).ToContainTextAsync("Caller gone");
        Assert.That((host.Approvals.Find(hold.Id)!.State, host.Approvals.Find(stays.Id)!.State), Is.EqualTo((HoldState.Pending, HoldState.Pending)));
    }

    [Test]
    public async Task Keys_OnACutCard_LeadToTheWholeCall()
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        var (_, hold) = await host.HoldAsync(s_long);
        await page.SignInAsync(host.Url, "Grace");

        await Expect(page.Locator("#connection")).ToHaveAttributeAsync("data-state", "on");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("a");
        await Expect(page.Card("refund").Locator(".open")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/holds/{hold.Id}");
        await Expect(page.Locator("#connection")).ToHaveAttributeAsync("data-state", "on");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("a");
        await Expect(page.ButtonOf(hold.Id, "Approve")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByText("refund is approved").First).ToBeVisibleAsync();
    }

    [Test]
    public async Task NewCall_WithReducedMotion_IsShownAndApproved()
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        await page.SignInAsync(host.Url, "Grace");
        await Expect(page.GetByText("No call waits for you.")).ToBeVisibleAsync();

        var (_, hold) = await host.HoldAsync();
        await Expect(page.Card("refund")).ToHaveCSSAsync("animation-name", "none");
        await page.PointAtAsync(page.ButtonOf(hold.Id, "Approve"));
        await page.PressAsync();

        await Expect(page.GetByText("refund is approved").First).ToBeVisibleAsync();
    }

    private static Task<EnforcerHost> StartAsync() => EnforcerHost.StartAsync(options => options with { PageToken = PageDriver.Token }, TimeProvider.System);
}
