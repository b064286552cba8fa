using Microsoft.Playwright;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.EndToEndTests.Support;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Thoth.Enforcer.EndToEndTests;

/// <summary>A click decides about the call that the person looked at, whatever happens between the look and the click.</summary>
public class PointerTests
{
    [Test]
    public async Task Click_ACallArrivesBetweenLookAndClick_ApprovesTheOneThatWasLookedAt()
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        var (_, seen) = await host.HoldAsync();
        await page.SignInAsync(host.Url, "Grace");
        var before = await page.PointAtAsync(page.ButtonOf(seen.Id, "Approve"));

        var (_, unseen) = await host.HoldAsync(new { order = "A-2", amount = 1_000_000 });
        var (_, third) = await host.HoldAsync(new { order = "A-3", amount = 2_000_000 });
        await Expect(page.Locator("#arrivals")).ToContainTextAsync("2 new calls.");
        Assert.That(await page.ButtonOf(seen.Id, "Approve").PlaceAsync(), Is.EqualTo(before));
        await page.PressAsync();

        await Expect(page.GetByText($"refund is approved: amount 900, id {seen.Id[^6..]}.").First).ToBeVisibleAsync();
        Assert.That(StatesOf(host, seen, unseen, third), Is.EqualTo([HoldState.Approved, HoldState.Pending, HoldState.Pending]));
    }

    [Test]
    public async Task Bar_Shown_AddsTheNewCallsAndTheirButtonsAreDeadForASecond()
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        await page.Clock.InstallAsync();
        var (_, first) = await host.HoldAsync();
        await page.SignInAsync(host.Url, "Grace");
        await page.Locator($"#{first.Id}").GetByLabel("Reason for refund").FillAsync("half a reason");
        var (_, second) = await host.HoldAsync();
        await Expect(page.Locator("#arrivals")).ToContainTextAsync("1 new call.");

        await page.StopClockAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await Expect(page.Locator(".card")).ToHaveCountAsync(2);
        await Expect(page.Locator("#arrivals")).ToBeHiddenAsync();
        await Expect(page.Locator($"#{first.Id} input[name=reason]")).ToHaveValueAsync("half a reason");
        foreach (var hold in new[] { first, second })
        {
            await page.EvaluateAsync("() => { document.getElementById('announce').textContent = ''; }");
            await page.PointAtAsync(page.ButtonOf(hold.Id, "Approve"), settled: false);
            await page.PressAsync();
            await Expect(page.Locator("#announce")).ToHaveTextAsync("The button has just moved. Press it again.");
        }

        Assert.That(StatesOf(host, first, second), Is.EqualTo([HoldState.Pending, HoldState.Pending]));
        await page.Clock.RunForAsync(1_500);
        await page.PressAsync();
        await Expect(page.Locator(".over")).ToContainTextAsync("refund is approved");
        Assert.That(StatesOf(host, first, second), Is.EqualTo([HoldState.Pending, HoldState.Approved]));
    }

    [Test]
    public async Task Click_ANewCallAppearsUnderThePointer_IsDeadForASecond()
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        await page.Clock.InstallAsync();
        var (_, first) = await host.HoldAsync();
        await page.SignInAsync(host.Url, "Grace");
        var place = await page.PointAtAsync(page.ButtonOf(first.Id, "Approve"));
        await page.PressAsync();
        await Expect(page.GetByText("No call waits for you.")).ToBeVisibleAsync();
        await page.StopClockAsync();

        var (_, next) = await host.HoldAsync(new { order = "A-2", amount = 1_000_000 });
        while (await page.Locator(".card").CountAsync() == 0)
        {
            await page.Clock.RunForAsync(100);
        }

        await page.PointAtAsync(page.ButtonOf(next.Id, "Approve"), settled: false);
        await page.PressAsync();
        await Expect(page.Locator("#announce")).ToHaveTextAsync("The button has just moved. Press it again.");
        Assert.That(StatesOf(host, next), Is.EqualTo([HoldState.Pending]));
        await page.Keyboard.PressAsync("a");
        await page.Keyboard.PressAsync("Enter");
        Assert.That(StatesOf(host, next), Is.EqualTo([HoldState.Pending]), "by the keyboard");

        await page.Clock.RunForAsync(1_500);
        await page.PressAsync();
        await Expect(page.GetByText($"refund is approved: amount 1000000, id {next.Id[^6..]}.").First).ToBeVisibleAsync();
        Assert.That(place.Y, Is.GreaterThan(0));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Click_TheCardAboveExpiresBetweenLookAndClick_NeverDecidesAboutAnother(bool pointAtTheOneThatExpires)
    {
        await using var host = await StartAsync(options => options with { HoldLifetime = TimeSpan.FromSeconds(10) });
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        var (_, stays) = await host.HoldAsync();
        await page.SignInAsync(host.Url, "Grace");
        var (_, expires) = await host.HoldAsync(new { amount = 900 }, "transfer");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        var before = await page.PointAtAsync(page.ButtonOf((pointAtTheOneThatExpires ? expires : stays).Id, "Approve"));

        await Expect(page.Locator(".over")).ToContainTextAsync("not decided in time", new() { Timeout = 30_000 });
        await page.PressAsync();

        if (pointAtTheOneThatExpires)
        {
            Assert.That(StatesOf(host, stays, expires), Is.EqualTo([HoldState.Pending, HoldState.Expired]));
        }
        else
        {
            await Expect(page.GetByText("refund is approved").First).ToBeVisibleAsync();
            Assert.That(StatesOf(host, stays, expires), Is.EqualTo([HoldState.Approved, HoldState.Expired]));
        }

        Assert.That(before.Y, Is.GreaterThan(0));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Click_AnotherTabAnswersBetweenLookAndClick_NeverDecidesAboutAnother(bool pointAtTheOneThatIsAnswered)
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var (page, other) = (await browser.OpenAsync(), await browser.OpenAsync());
        var (_, stays) = await host.HoldAsync();
        var (_, answered) = await host.HoldAsync(new { amount = 7 }, "transfer");
        await page.SignInAsync(host.Url, "Grace");
        await other.SignInAsync(host.Url, "Linus");
        await page.PointAtAsync(page.ButtonOf((pointAtTheOneThatIsAnswered ? answered : stays).Id, "Approve"));

        await other.ButtonOf(answered.Id, "Deny").ClickAsync();
        await Expect(page.Locator(".over")).ToContainTextAsync("by Linus");
        await Expect(page.Locator("#arrivals")).ToContainTextAsync("1 no longer waits.");
        await page.PressAsync();

        Assert.That(host.Approvals.Find(answered.Id), Has.Property("State").EqualTo(HoldState.Denied).And.Property("Approver").EqualTo("Linus"));
        if (pointAtTheOneThatIsAnswered)
        {
            Assert.That(StatesOf(host, stays), Is.EqualTo([HoldState.Pending]));
        }
        else
        {
            await Expect(page.GetByText("refund is approved").First).ToBeVisibleAsync();
            Assert.That(StatesOf(host, stays), Is.EqualTo([HoldState.Approved]));
        }
    }

    [Test]
    public async Task DoubleClick_OnOneCard_DecidesAboutOneCall()
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        var (_, below) = await host.HoldAsync();
        var (_, above) = await host.HoldAsync();
        await page.SignInAsync(host.Url, "Grace");
        var place = await page.PointAtAsync(page.ButtonOf(above.Id, "Approve"));

        await page.Mouse.DblClickAsync(place.X, place.Y);
        await Expect(page.Locator(".over")).ToContainTextAsync("refund is approved");
        await page.Mouse.DblClickAsync(place.X, place.Y);

        Assert.That(StatesOf(host, above, below), Is.EqualTo([HoldState.Approved, HoldState.Pending]));
    }

    [Test]
    public async Task Click_OnAButtonThatHasJustMoved_IsDeadForASecond()
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        await page.Clock.InstallAsync();
        var (_, hold) = await host.HoldAsync();
        await page.SignInAsync(host.Url, "Grace");
        await page.PointAtAsync(page.ButtonOf(hold.Id, "Approve"));
        await page.StopClockAsync();

        await page.EvaluateAsync("() => document.getElementById('notices').append('Something that moves the cards down.')");
        await page.PointAtAsync(page.ButtonOf(hold.Id, "Approve"), settled: false);
        await page.PressAsync();

        await Expect(page.Locator("#announce")).ToHaveTextAsync("The button has just moved. Press it again.");
        await Expect(page.ButtonOf(hold.Id, "Approve")).ToHaveAttributeAsync("aria-disabled", "true");
        Assert.That(StatesOf(host, hold), Is.EqualTo([HoldState.Pending]));
    }

    [TestCase(ReducedMotion.NoPreference)]
    [TestCase(ReducedMotion.Reduce)]
    public async Task Buttons_AfterALoadWithoutScript_TakeNoClickForASecond(ReducedMotion motion)
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(script: false);
        await page.EmulateMediaAsync(new() { ReducedMotion = motion });
        var (_, hold) = await host.HoldAsync();
        await page.SignInAsync(host.Url, "Grace");

        var reached = await page.ButtonOf(hold.Id, "Approve").EvaluateAsync<bool[]>(
            """
            button => [999, 1000].map(time => {
              const [settle] = button.getAnimations();
              settle.pause();
              settle.currentTime = time;
              const box = button.getBoundingClientRect();
              return document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2) === button;
            })
            """);

        Assert.That(reached, Is.EqualTo([false, true]));
    }

    private static Task<EnforcerHost> StartAsync(Func<EnforcerOptions, EnforcerOptions>? configure = null) => EnforcerHost.StartAsync(
        options => (configure?.Invoke(options) ?? options) with { PageToken = PageDriver.Token }, TimeProvider.System);

    private static HoldState[] StatesOf(EnforcerHost host, params HoldRow[] holds) =>
        [.. holds.Select(hold => host.Approvals.Find(hold.Id)!.StateAt(TimeProvider.System.GetUtcNow()))];
}
