using Microsoft.Playwright;

namespace Thoth.Enforcer.EndToEndTests.Support;

/// <summary>The machine's own chromium, without a window.</summary>
internal sealed class Browser : IAsyncDisposable
{
    public static readonly ViewportSize Desktop = new() { Width = 1280, Height = 800 };
    public static readonly ViewportSize Large = new() { Width = 1440, Height = 900 };
    public static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    /// <summary>Skips the test if the machine has no chromium. In CI the test fails then.</summary>
    public static async Task<Browser> StartAsync()
    {
        if (Find() is not { } path)
        {
            const string Reason = "Chromium is not on the PATH. Install it (apt-get install chromium).";
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                Assert.Fail(Reason);
            }

            Assert.Ignore(Reason);
            throw new InvalidOperationException(Reason);
        }

        var playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox"] }));
    }

    /// <summary>Opens a page in a new browser context, like that of another person.</summary>
    public async Task<IPage> OpenAsync(ViewportSize? size = null, ColorScheme scheme = ColorScheme.Light, bool script = true)
    {
        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = size ?? Desktop,
            ColorScheme = scheme,
            JavaScriptEnabled = script,
            TimezoneId = "UTC",
            Locale = "en-GB",
        });
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(static folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);
}
