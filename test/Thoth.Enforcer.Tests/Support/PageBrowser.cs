using System.Text.RegularExpressions;

namespace Thoth.Enforcer.Tests.Support;

/// <summary>A signed-in person who reads pages and answers held calls, without a browser.</summary>
internal sealed partial class PageBrowser : IDisposable
{
    public const string Token = "a-configured-page-token";

    private readonly HttpClient _http = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = true });
    private readonly EnforcerHost _host;

    private PageBrowser(EnforcerHost host) => _host = host;

    /// <param name="host">A server whose page token is <see cref="Token"/>.</param>
    public static async Task<PageBrowser> SignInAsync(EnforcerHost host)
    {
        var browser = new PageBrowser(host);
        var form = await browser._http.GetStringAsync($"{host.Url}/sign-in");
        using var reply = await browser.PostAsync("/sign-in", form, ("token", Token), ("name", "Grace"));
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return browser;
    }

    public async Task<string> ReadAsync(string path)
    {
        using var reply = await _http.GetAsync(_host.Url + path);
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
        return await reply.Content.ReadAsStringAsync();
    }

    /// <param name="path">The form's address.</param>
    /// <param name="page">The page with the form.</param>
    /// <param name="fields">The form's fields.</param>
    public async Task<HttpResponseMessage> PostAsync(string path, string page, params (string Name, string Value)[] fields)
    {
        var antiforgery = AntiforgeryField().Match(page);
        using var content = new FormUrlEncodedContent(fields.Append((antiforgery.Groups[1].Value, WebUtility.HtmlDecode(antiforgery.Groups[2].Value)))
            .Select(static field => KeyValuePair.Create(field.Item1, field.Item2)));
        return await _http.PostAsync(_host.Url + path, content);
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("type=\"hidden\" name=\"(__[^\"]+)\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryField();
}
