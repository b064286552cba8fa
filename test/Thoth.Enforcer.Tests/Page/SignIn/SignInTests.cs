using System.Text.RegularExpressions;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Page.SignIn;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Page.SignIn;

public partial class SignInTests
{
    private const string Token = "a-configured-page-token";

    [Test]
    public async Task SignIn_WithTheToken_SetsAStrictCookie()
    {
        await using var host = await StartAsync();

        var reply = await SignInAsync(host, Token, "Ada");

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(reply.Header("Location"), Is.EqualTo("/"));
        var cookie = reply.Headers["Set-Cookie"].Single(value => value.StartsWith("thoth-enforcer=", StringComparison.Ordinal)).ToLowerInvariant();
        Assert.That(cookie, Does.Contain("httponly").And.Contain("samesite=strict"));
    }

    [TestCase("wrong-token-of-some-length", "Ada")]
    [TestCase("", "Ada")]
    [TestCase(Token, " ")]
    public async Task SignIn_WithoutTheTokenOrAName_SetsNoCookie(string token, string name)
    {
        await using var host = await StartAsync();

        var reply = await SignInAsync(host, token, name);

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(reply.Header("Set-Cookie"), Does.Not.Contain("thoth-enforcer="));
        Assert.That(reply.Body, Does.Contain("role=\"alert\""));
    }

    [Test]
    public async Task SignIn_FromAnotherPage_IsRefused()
    {
        await using var host = await StartAsync();

        var reply = await PostFormAsync(host, "/sign-in", "", ("token", Token), ("name", "Eve"));

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(reply.Header("Set-Cookie"), Does.Not.Contain("thoth-enforcer="));
    }

    [Test]
    public async Task SignIn_ManyAttempts_AreLimited()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 20; i++)
        {
            await PostFormAsync(host, "/sign-in", "", ("token", $"guess {i}"));
        }

        var reply = await PostFormAsync(host, "/sign-in", "", ("token", Token));

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(reply.Header("Retry-After"), Is.Not.Empty);
    }

    [TestCase("Sec-Fetch-Site", "cross-site")]
    [TestCase("Sec-Fetch-Site", "same-site")]
    [TestCase("Origin", "https://evil.example")]
    [TestCase("Origin", "http://127.0.0.1:1")]
    public async Task SignIn_ManyAttemptsFromAnotherSite_LockNobodyOut(string header, string value)
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 25; i++)
        {
            Assert.That((await PostFormAsync(host, "/sign-in", "", [(header, value)], ("token", Token), ("name", "Eve"))).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        }

        Assert.That((await SignInAsync(host, Token, "Ada")).Status, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [Test]
    public async Task SignIn_ClaimsToBeOfAnotherSite_CannotGuessWithoutLimit()
    {
        await using var host = await StartAsync();

        var reply = await SignInAsync(host, Token, "Eve", ("Sec-Fetch-Site", "cross-site"));

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(reply.Header("Set-Cookie"), Does.Not.Contain("thoth-enforcer="));
    }

    [TestCase("Sec-Fetch-Site", "same-origin")]
    [TestCase("Origin", "null")]
    [TestCase("Origin", "URL")]
    public async Task SignIn_FromItsOwnPage_IsAccepted(string header, string value)
    {
        await using var host = await StartAsync();

        Assert.That((await SignInAsync(host, Token, "Ada", (header, value.Replace("URL", host.Url, StringComparison.Ordinal)))).Status, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [Test]
    public async Task SignOut_CopyOfTheCookie_IsRefusedAlsoAfterARestart()
    {
        await using var host = await StartAsync();
        var cookie = await CookieAsync(host);
        var other = await CookieAsync(host);
        var page = await host.SendAsync(HttpMethod.Get, "/", null, ("Cookie", cookie));
        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.OK));
        var field = AntiforgeryField().Match(page.Body);
        var forms = page.Headers.GetValueOrDefault("Set-Cookie")?.Single().Split(';')[0];

        var signedOut = await PostFormAsync(
            host, "/sign-out", $"{cookie}; {forms}", (field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value)));

        Assert.That(signedOut.Status, Is.EqualTo(HttpStatusCode.Redirect));
        foreach (var path in (string[])["/", "/activity", "/live", "/holds/x"])
        {
            Assert.That((await host.SendAsync(HttpMethod.Get, path, null, ("Cookie", cookie))).Status, Is.EqualTo(HttpStatusCode.Unauthorized), path);
        }

        await host.RestartAsync();
        Assert.That((await host.SendAsync(HttpMethod.Get, "/", null, ("Cookie", cookie))).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await host.SendAsync(HttpMethod.Get, "/", null, ("Cookie", other))).Status, Is.EqualTo(HttpStatusCode.OK), "another sign-in goes on");
    }

    [Test]
    public async Task SignIn_UsedAllTheTime_StillEnds()
    {
        await using var host = await StartAsync();
        var cookie = await CookieAsync(host);
        for (var hour = 1; hour < 12; hour++)
        {
            host.Time.Advance(TimeSpan.FromHours(1));
            var page = await host.SendAsync(HttpMethod.Get, "/policy", null, ("Cookie", cookie));
            Assert.That(page.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(page.Header("Set-Cookie"), Does.Not.Contain("thoth-enforcer="));
        }

        host.Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));

        Assert.That((await host.SendAsync(HttpMethod.Get, "/policy", null, ("Cookie", cookie))).Status, Is.EqualTo(HttpStatusCode.Redirect));
    }

    [TestCase("https", true)]
    [TestCase("http", false)]
    public async Task Cookies_BehindTls_AreSecure(string scheme, bool secure)
    {
        await using var host = await StartAsync();

        var form = await host.SendAsync(HttpMethod.Get, "/sign-in", null, ("X-Forwarded-Proto", scheme));
        var reply = await SignInAsync(host, Token, "Ada", ("X-Forwarded-Proto", scheme));

        foreach (var cookie in form.Headers["Set-Cookie"].Concat(reply.Headers["Set-Cookie"]))
        {
            Assert.That(cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase), Is.EqualTo(secure), cookie);
        }
    }

    [Test]
    public async Task Form_WithScriptInTheLink_ShowsItAsText()
    {
        await using var host = await StartAsync();

        var reply = await host.SendAsync(HttpMethod.Get, "/sign-in?token=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", null);

        Assert.That(reply.Body, Does.Not.Contain("<script"));
        Assert.That(reply.Header("Content-Security-Policy"), Does.Contain("default-src 'none'").And.Not.Contain("unsafe"));
        Assert.That(reply.Header("Referrer-Policy"), Is.EqualTo("no-referrer"));
        Assert.That(reply.Header("Cache-Control"), Does.Contain("no-store"));
    }

    [Test]
    public void Token_TooShort_IsRefused() => Assert.That(() => new PageToken("short"), Throws.TypeOf<UsageException>());

    [Test]
    public void Token_NotConfigured_IsRandom()
    {
        var (first, second) = (new PageToken(null), new PageToken(null));

        Assert.That(first.Text, Has.Length.EqualTo(32));
        Assert.That(second.Text, Is.Not.EqualTo(first.Text));
    }

    private static Task<EnforcerHost> StartAsync() => EnforcerHost.StartAsync(options => options with { PageToken = Token });

    private static async Task<string> CookieAsync(EnforcerHost host) => (await SignInAsync(host, Token, "Ada"))
        .Headers["Set-Cookie"].Single(value => value.StartsWith("thoth-enforcer=", StringComparison.Ordinal)).Split(';')[0];

    private static async Task<Reply> SignInAsync(EnforcerHost host, string token, string name, params (string Name, string Value)[] headers)
    {
        var form = await host.SendAsync(HttpMethod.Get, "/sign-in", null, headers);
        var antiforgery = AntiforgeryField().Match(form.Body);
        var cookies = string.Join("; ", form.Headers["Set-Cookie"].Select(cookie => cookie.Split(';')[0]));
        return await PostFormAsync(
            host, "/sign-in", cookies, headers, ("token", token), ("name", name), (antiforgery.Groups[1].Value, WebUtility.HtmlDecode(antiforgery.Groups[2].Value)));
    }

    private static Task<Reply> PostFormAsync(EnforcerHost host, string path, string cookies, params (string Name, string Value)[] fields) =>
        PostFormAsync(host, path, cookies, [], fields);

    private static async Task<Reply> PostFormAsync(
        EnforcerHost host, string path, string cookies, (string Name, string Value)[] headers, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Url + path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        return await host.SendAsync(request, [("Cookie", cookies), .. headers]);
    }

    [GeneratedRegex("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryField();
}
