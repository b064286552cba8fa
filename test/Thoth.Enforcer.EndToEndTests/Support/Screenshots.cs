using Microsoft.Playwright;

namespace Thoth.Enforcer.EndToEndTests.Support;

/// <summary>Pictures of the page, for people: in the folder screenshots of the test output.</summary>
internal static class Screenshots
{
    public static async Task TakeAsync(IPage page, string name)
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "screenshots", $"{name}.png");
        await page.ScreenshotAsync(new() { Path = path, Animations = ScreenshotAnimations.Disabled });
        TestContext.AddTestAttachment(path);
    }
}
