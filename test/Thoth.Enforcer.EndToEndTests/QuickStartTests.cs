using System.Diagnostics;
using Microsoft.Playwright;
using Thoth.Enforcer.EndToEndTests.Support;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tests.Support;
using Thoth.Interception.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Thoth.Enforcer.EndToEndTests;

/// <summary>The quick start of the README: it runs in its own process and is approved in the browser.</summary>
public class QuickStartTests
{
    [Test]
    public async Task QuickStart_AgainstTheEnforcer_ApprovedAndDeniedOnThePage()
    {
        var policy = Path.Combine(Repository.Root, "samples", "QuickStart", "thoth.policy.json");
        await using var host = await EnforcerHost.StartAsync(
            options => options with { PolicyPath = policy, PageToken = PageDriver.Token }, TimeProvider.System);
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        await page.SignInAsync(host.Url, "Grace");

        using var agent = Start(host.Url);
        var output = agent.StandardOutput.ReadToEndAsync();
        var card = page.Card("refund");
        await Expect(card.Locator(".json")).ToContainTextAsync("A-1002", new() { Timeout = 30_000 });
        await card.GetByLabel("Reason for refund").FillAsync("The parcel never arrived.");
        await Expect(card.Locator(".approve")).Not.ToHaveAttributeAsync("aria-disabled", "true");
        await Screenshots.TakeAsync(page, "approvals");
        await card.AnswerAsync("Approve");

        await Expect(card.Locator(".json")).ToContainTextAsync("A-1003", new() { Timeout = 30_000 });
        await card.AnswerAsync("Deny");

        await agent.WaitForExitAsync();
        var report = await output;
        Assert.That(agent.ExitCode, Is.Zero, report);
        Assert.That(report, Does.Contain("All 12 calls were evaluated by Thoth."));
        var lines = report.Split('\n');
        Assert.That(lines.Count(line => line.Contains("STEP_UP approved") && line.Contains("Approved by Grace: booked")), Is.EqualTo(1), report);
        Assert.That(lines.Count(line => line.Contains("STEP_UP denied") && line.Contains("Not run. Denied by Grace:")), Is.EqualTo(1), report);
        Assert.That(host.Approvals.History().Select(hold => hold.State), Is.EqualTo([HoldState.Denied, HoldState.Approved]));
        Assert.That(host.Approvals.History()[1].DeliveredAt, Is.Not.Null);
        Assert.That(
            host.Activity.Events(new ActivityFilter { Tool = "refund" }).Count(row => row.Type == "TOOL_CALL_POST"),
            Is.EqualTo(2), "the small refund and the approved one");
        await LookAroundAsync(page, browser, host);
    }

    /// <summary>Opens every page, takes pictures of them, and expects no message in the browser's console.</summary>
    private static async Task LookAroundAsync(IPage page, Browser browser, EnforcerHost host)
    {
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Add(message.Text);
            }
        };
        await host.EnforceAsync("""{"tool_name":"refund","session_id":"s-night","agent_id":"night-agent","user_id":"linus","tool_args":{"order":"A-2001","amount":640,"customer":{"name":"Ada Lovelace","card_number":"4111111111111111"},"note":"Third complaint about the same parcel; the carrier has confirmed that it was lost."}}""");
        await Expect(page.Card("refund")).ToBeVisibleAsync();
        await Screenshots.TakeAsync(page, "approvals-history");

        await page.GetByRole(AriaRole.Link, new() { Name = "Activity" }).ClickAsync();
        await Expect(page.Locator("#rows tbody tr")).ToHaveCountAsync(13);
        await Screenshots.TakeAsync(page, "activity");
        await page.Locator(".filter").GetByLabel("Tool").SelectOptionAsync("refund");
        await Expect(page.Locator("#rows tbody tr")).ToHaveCountAsync(4);
        await host.EnforceAsync("""{"tool_name":"refund","session_id":"s-live","tool_args":{"order":"A-3","amount":1}}""");
        await Expect(page.Locator("#rows tbody tr")).ToHaveCountAsync(5);
        await page.Locator(".filter").GetByLabel("Decision").SelectOptionAsync("STEP_UP");
        await Expect(page.Locator("#rows tbody tr")).ToHaveCountAsync(3);
        await page.GotoAsync($"{host.Url}/activity?tool=refund");
        await page.GetByRole(AriaRole.Link, new() { Name = "Events" }).ClickAsync();
        await Expect(page.Locator("#rows thead")).ToContainTextAsync("Duration");

        await page.GotoAsync($"{host.Url}/activity?tool=build_report");
        await page.Locator("#rows tbody a").First.ClickAsync();
        await Expect(page.Locator(".timeline li.decided")).ToHaveCountAsync(12);
        await Screenshots.TakeAsync(page, "session");

        await page.GetByRole(AriaRole.Link, new() { Name = "Policy" }).ClickAsync();
        await Expect(page.Locator("#rules tbody tr").Filter(new() { HasText = "large-refunds" }).Locator("td.number")).ToHaveTextAsync("3");
        await Screenshots.TakeAsync(page, "policy");

        foreach (var (size, scheme, name) in new[]
        {
            (Browser.Phone, ColorScheme.Light, "phone"), (Browser.Phone, ColorScheme.Dark, "phone-dark"), (Browser.Desktop, ColorScheme.Dark, "dark"),
        })
        {
            var other = await browser.OpenAsync(size, scheme);
            await other.SignInAsync(host.Url, "Grace");
            await Expect(other.Card("refund")).ToBeVisibleAsync();
            await Screenshots.TakeAsync(other, $"approvals-{name}");
            foreach (var place in new[] { "activity", "policy" })
            {
                await other.GotoAsync($"{host.Url}/{place}");
                await Screenshots.TakeAsync(other, $"{place}-{name}");
                var overflow = await other.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth");
                Assert.That(overflow, Is.LessThanOrEqualTo(0), $"{place} is wider than the {name}");
            }
        }

        Assert.That(complaints, Is.Empty);
    }

    private static Process Start(string url) => Process.Start(new ProcessStartInfo("dotnet", [Repository.OutputOf("QuickStart"), "--enforcer", url])
    {
        RedirectStandardOutput = true,
        Environment = { ["THOTH_API_URL"] = "", ["THOTH_API_KEY"] = "" },
    })!;
}
