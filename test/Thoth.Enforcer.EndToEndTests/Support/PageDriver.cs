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

    public static Task AnswerAsync(this ILocator card, string answer) =>
        card.GetByRole(AriaRole.Button, new() { Name = answer }).ClickAsync();
}
