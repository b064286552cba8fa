using Microsoft.Playwright;

namespace Thoth.Enforcer.EndToEndTests.Support;

/// <summary>Does on the page what a person does.</summary>
internal static class PageDriver
{
    public const string Token = "a-page-token-of-the-tests";

    public static async Task SignInAsync(this IPage page, string url, string name)
    {
        await page.GotoAsync($"{url}/sign-in?token={Token}");
        await page.GetByLabel("Your name").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Approvals" }).WaitForAsync();
    }

    public static ILocator Card(this IPage page, string tool) =>
        page.Locator(".card").Filter(new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = tool, Exact = true }) });

    public static ILocator History(this IPage page) => page.Locator("#history li");

    public static ILocator ButtonOf(this IPage page, string hold, string answer) =>
        page.Locator($"#{hold}").GetByRole(AriaRole.Button, new() { Name = answer });

    /// <summary>Gets the middle of an element in the window.</summary>
    public static async Task<(float X, float Y)> PlaceAsync(this ILocator element) =>
        (await element.BoundingBoxAsync())! is var box ? (box.X + (box.Width / 2), box.Y + (box.Height / 2)) : default;

    /// <summary>Moves the pointer onto a button, by default once the button takes clicks.</summary>
    public static async Task<(float X, float Y)> PointAtAsync(this IPage page, ILocator button, bool settled = true)
    {
        await button.EvaluateAsync("button => button.scrollIntoView({ block: 'center' })");
        await button.EvaluateAsync("button => Promise.all(button.getAnimations().map(animation => animation.finished))");
        if (settled)
        {
            await Assertions.Expect(button).Not.ToHaveAttributeAsync("aria-disabled", "true");
        }

        var place = await button.PlaceAsync();
        await page.Mouse.MoveAsync(place.X, place.Y);
        await Assertions.Expect(button).ToBeInViewportAsync(new() { Ratio = 1 });
        Assert.That(await button.EvaluateAsync<bool>("button => button.matches(':hover')"), "the pointer is on the button");
        return place;
    }

    /// <summary>Presses the pointer's button where the pointer is.</summary>
    public static async Task PressAsync(this IPage page)
    {
        await page.Mouse.DownAsync();
        await page.Mouse.UpAsync();
    }

    /// <summary>Stops the page's clock. It was installed before the page was opened.</summary>
    public static async Task StopClockAsync(this IPage page) =>
        await page.Clock.PauseAtAsync(new DateTime(DateTime.UnixEpoch.Ticks + ((await page.EvaluateAsync<long>("() => Date.now()") + 2_000) * TimeSpan.TicksPerMillisecond), DateTimeKind.Utc));

    public static Task AnswerAsync(this ILocator card, string answer) =>
        card.GetByRole(AriaRole.Button, new() { Name = answer }).ClickAsync();
}
