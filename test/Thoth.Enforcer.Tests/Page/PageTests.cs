using System.Text.RegularExpressions;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Page;

/// <summary>The pages without a browser: access, answers, and their content.</summary>
public sealed partial class PageTests : IDisposable
{
    private const string Token = "a-configured-page-token";

    private readonly HttpClient _browser = new(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = true });

    [TearDown]
    public void Dispose() => _browser.Dispose();

    [TestCase("/")]
    [TestCase("/activity")]
    [TestCase("/session?id=s-1")]
    [TestCase("/policy")]
    [TestCase("/holds/hold_1")]
    public async Task Page_NotSignedIn_RedirectsToTheSignIn(string path)
    {
        await using var host = await StartAsync();

        var reply = await host.SendAsync(HttpMethod.Get, path, null);

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(reply.Header("Location"), Does.Contain("/sign-in"));
    }

    [Test]
    public async Task Stream_NotSignedIn_IsRefused()
    {
        await using var host = await StartAsync();

        Assert.That((await host.SendAsync(HttpMethod.Get, "/live", null)).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Answer_WithoutTheAntiforgeryToken_IsRefused()
    {
        await using var host = await StartAsync();
        var (_, hold) = await host.HoldAsync();
        await SignInAsync(host);

        using var reply = await PostAsync($"{host.Url}/holds/{hold.Id}", ("answer", "approve"), ("hash", hold.ArgumentsHash));

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(host.Approvals.Find(hold.Id)!.State, Is.EqualTo(HoldState.Pending));
    }

    [TestCase("approve", "0000", "not those that you were shown")]
    [TestCase("approve", null, "refund is approved")]
    [TestCase("deny", null, "refund is denied")]
    public async Task Answer_ToAHeldCall_ShowsItsOutcome(string answer, string? hash, string words)
    {
        await using var host = await StartAsync();
        var (_, hold) = await host.HoldAsync();
        var page = await SignInAsync(host);

        using var reply = await PostAsync($"{host.Url}/holds/{hold.Id}", ("answer", answer), ("hash", hash ?? hold.ArgumentsHash), FieldOf(page));

        Assert.That(await reply.Content.ReadAsStringAsync(), Does.Contain(words));
        Assert.That(host.Approvals.Find(hold.Id)!.State == HoldState.Pending, Is.EqualTo(hash is not null));
    }

    [Test]
    public async Task Page_ValuesOfCallers_AreEscapedEverywhere()
    {
        const string Attack = "<script>alert(1)</script>";
        await using var host = await StartAsync();
        await host.EnforceAsync(JsonSerializer.Serialize(new { tool_name = "refund", session_id = Attack, agent_id = Attack, user_id = Attack, tool_args = new { note = Attack } }));
        var page = await SignInAsync(host);

        foreach (var text in new[]
        {
            page,
            await _browser.GetStringAsync($"{host.Url}/activity"),
            await _browser.GetStringAsync($"{host.Url}/activity?session={Uri.EscapeDataString("\"" + Attack)}"),
            await _browser.GetStringAsync($"{host.Url}/session?tenant=local&id={Uri.EscapeDataString(Attack)}"),
        })
        {
            Assert.That(text, Does.Contain("&lt;script&gt;").And.Not.Contain("<script>"));
        }
    }

    [Test]
    public async Task Arguments_TooLongForTheList_AreCompleteOnTheCallsPage()
    {
        await using var host = await StartAsync();
        var (_, hold) = await host.HoldAsync(new { text = string.Join(' ', Enumerable.Range(0, 2_000)) + "END" });

        var list = await SignInAsync(host);
        var whole = await _browser.GetStringAsync($"{host.Url}/holds/{hold.Id}");

        Assert.That(list, Does.Contain("Open the whole call").And.Not.Contain("1999END"));
        Assert.That(whole, Does.Contain("1999END"));
    }

    private static Task<EnforcerHost> StartAsync() => EnforcerHost.StartAsync(options => options with { PageToken = Token });

    private async Task<string> SignInAsync(EnforcerHost host)
    {
        var form = await _browser.GetStringAsync($"{host.Url}/sign-in");
        using var reply = await PostAsync($"{host.Url}/sign-in", ("token", Token), ("name", "Grace"), FieldOf(form));
        return await reply.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> PostAsync(string url, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await _browser.PostAsync(url, content);
    }

    private static (string Name, string Value) FieldOf(string page) =>
        AntiforgeryField().Match(page) is var field ? (field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value)) : default;

    [GeneratedRegex("type=\"hidden\" name=\"(__[^\"]+)\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryField();
}
