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

    private static async Task<Reply> SignInAsync(EnforcerHost host, string token, string name)
    {
        var form = await host.SendAsync(HttpMethod.Get, "/sign-in", null);
        var antiforgery = AntiforgeryField().Match(form.Body);
        var cookies = string.Join("; ", form.Headers["Set-Cookie"].Select(cookie => cookie.Split(';')[0]));
        return await PostFormAsync(
            host, "/sign-in", cookies, ("token", token), ("name", name), (antiforgery.Groups[1].Value, WebUtility.HtmlDecode(antiforgery.Groups[2].Value)));
    }

    private static async Task<Reply> PostFormAsync(EnforcerHost host, string path, string cookies, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Url + path)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        return await host.SendAsync(request, ("Cookie", cookies));
    }

    [GeneratedRegex("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryField();
}
