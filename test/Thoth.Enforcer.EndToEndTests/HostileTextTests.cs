using Microsoft.Playwright;
using Thoth.Enforcer.EndToEndTests.Support;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Thoth.Enforcer.EndToEndTests;

/// <summary>Shows calls whose text is made to mislead. Its pictures are for people to look at.</summary>
public class HostileTextTests
{
    private static readonly ViewportSize s_wide = new() { Width = 1440, Height = 900 };

    [TestCase(true, ColorScheme.Light)]
    [TestCase(true, ColorScheme.Dark)]
    [TestCase(false, ColorScheme.Light)]
    [TestCase(false, ColorScheme.Dark)]
    public async Task Cards_OfMisleadingCalls_StayInTheirPlaceAndRunNoScript(bool isWide, ColorScheme scheme)
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(isWide ? s_wide : Browser.Phone, scheme);
        var alerts = new List<string>();
        page.Dialog += (_, dialog) => alerts.Add(dialog.Message);
        page.Console += (_, message) => alerts.Add(message.Text);
        foreach (var (name, json) in HostileCalls.All)
        {
            Assert.That((await host.EnforceAsync(json)).Text("decision"), Is.EqualTo("STEP_UP"), name);
        }

        await page.SignInAsync(host.Url, "Grace");
        var holds = host.Approvals.Pending();
        await Expect(page.Locator(".card")).ToHaveCountAsync(holds.Count);
        foreach (var (hold, (name, _)) in holds.Reverse().Zip(HostileCalls.All))
        {
            var card = page.Locator($"#{hold.Id}");
            await card.ScreenshotAsync(new() { Path = PathOf(name, isWide, scheme), Animations = ScreenshotAnimations.Disabled });
            Assert.That(await card.Locator("button.deny").CountAsync(), Is.EqualTo(1), name);
            Assert.That(await OverflowOfAsync(card), Is.LessThanOrEqualTo(0), $"{name} is wider than its card");
        }

        foreach (var (path, name) in new[] { ("/activity", "activity"), ($"/session?tenant=local&id={Uri.EscapeDataString("s\u202E1")}", "session") })
        {
            await page.GotoAsync(host.Url + path);
            await page.ScreenshotAsync(new() { Path = PathOf(name, isWide, scheme), FullPage = true, Animations = ScreenshotAnimations.Disabled });
            Assert.That(await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth"), Is.LessThanOrEqualTo(0), name);
        }

        Assert.That(alerts, Is.Empty);
    }

    [Test]
    public async Task Card_OfATurnedName_IsDrawnInTheOrderOfItsCharacters()
    {
        await using var host = await StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(s_wide);
        await host.EnforceAsync(HostileCalls.All.Single(call => call.Name == "turning").Json);
        await host.EnforceAsync(HostileCalls.All.Single(call => call.Name == "right to left").Json);
        await page.SignInAsync(host.Url, "Grace");

        // The letters stand from left to right as they are stored, around the mark.
        var lefts = await page.Locator(".card .tool .outside").Last.EvaluateAsync<double[]>(
            """
            outside => [...outside.childNodes].map(node => {
              const range = document.createRange();
              range.selectNodeContents(node);
              return range.getBoundingClientRect().left;
            })
            """);
        Assert.That(lefts, Has.Length.EqualTo(3).And.Ordered);
        await Expect(page.Locator(".card .tool").Last).ToHaveTextAsync("refund_⟨U+202E⟩dnufer_evila");
        await Expect(page.Locator(".card .misleads").Last).ToContainTextAsync("Look twice: tool, arguments, agent, user, session, intent, purpose, earlier calls.");

        // A number after a name in Hebrew stays after it.
        var (name, rest) = (page.Locator(".card").First.Locator(".tool bdi[dir=rtl]"), page.Locator(".card").First.Locator(".tool .outside"));
        Assert.That((await name.BoundingBoxAsync())!.X, Is.EqualTo((await rest.BoundingBoxAsync())!.X).Within(1));
    }

    private static async Task<EnforcerHost> StartAsync()
    {
        var policy = Path.Combine(TestContext.CurrentContext.WorkDirectory, "hold-all.json");
        await File.WriteAllTextAsync(policy, HostileCalls.Policy);
        return await EnforcerHost.StartAsync(options => options with { PolicyPath = policy, PageToken = PageDriver.Token }, TimeProvider.System);
    }

    private static Task<int> OverflowOfAsync(ILocator card) => card.EvaluateAsync<int>(
        """
        card => Math.max(...[...card.querySelectorAll("*")].filter(part => !part.closest(".unseen, [hidden]"))
          .map(part => Math.round(part.getBoundingClientRect().right - card.getBoundingClientRect().right)))
        """);

    private static string PathOf(string name, bool isWide, ColorScheme scheme) => Path.Combine(
        TestContext.CurrentContext.WorkDirectory, "screenshots", "hostile", $"{name.Replace(' ', '-')}-{(isWide ? "1440" : "390")}-{scheme.ToString().ToLowerInvariant()}.png");
}
