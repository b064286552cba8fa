using System.Text.RegularExpressions;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Page.Text;
using Thoth.Enforcer.Storage;
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

    [Test]
    public async Task Answer_ToACallThatWasNotShownWhole_IsNotRecorded()
    {
        await using var host = await StartAsync();
        var (_, hold) = await host.HoldAsync(new { text = string.Join(' ', Enumerable.Range(0, 2_000)) });
        var page = await SignInAsync(host);

        using var blind = await PostAsync($"{host.Url}/holds/{hold.Id}", ("answer", "approve"), ("hash", hold.ArgumentsHash), FieldOf(page));
        Assert.That(await blind.Content.ReadAsStringAsync(), Does.Contain("a part of refund was not shown"));
        Assert.That(host.Approvals.Find(hold.Id)!.State, Is.EqualTo(HoldState.Pending));

        using var forged = await PostAsync($"{host.Url}/holds/{hold.Id}", ("answer", "approve"), ("hash", hold.ArgumentsHash), ("seen", "true"), FieldOf(page));
        Assert.That(host.Approvals.Find(hold.Id)!.State, Is.EqualTo(HoldState.Pending));

        var whole = await _browser.GetStringAsync($"{host.Url}/holds/{hold.Id}");
        var seen = SeenField().Match(whole).Groups[1].Value;
        using var informed = await PostAsync($"{host.Url}/holds/{hold.Id}", ("answer", "approve"), ("hash", hold.ArgumentsHash), ("seen", seen), FieldOf(whole));
        Assert.That(host.Approvals.Find(hold.Id)!.State, Is.EqualTo(HoldState.Approved));
    }

    [Test]
    public async Task Answer_WithTheHashOfAnotherCall_IsNotRecorded()
    {
        await using var host = await StartAsync();
        var (_, hold) = await host.HoldAsync();
        var (_, other) = await host.HoldAsync(new { order = "A-2", amount = 1_000_000 });
        var page = await SignInAsync(host);

        using var reply = await PostAsync($"{host.Url}/holds/{other.Id}", ("answer", "approve"), ("hash", hold.ArgumentsHash), FieldOf(page));

        Assert.That(await reply.Content.ReadAsStringAsync(), Does.Contain($"(amount 1000000, id {other.Id[^6..]})"));
        Assert.That(host.Approvals.Pending(), Has.Count.EqualTo(2));
    }

    [TestCase("Recorded")]
    [TestCase("AlreadyDecided")]
    [TestCase("Expired")]
    public async Task Link_ThatClaimsAnOutcome_ShowsNoNotice(string outcome)
    {
        await using var host = await StartAsync();
        var (_, hold) = await host.HoldAsync();
        await SignInAsync(host);

        var page = await _browser.GetStringAsync($"{host.Url}/?hold={hold.Id}&outcome={outcome}");

        Assert.That(page, Does.Contain("""<div id="notices" data-notice></div>"""));
    }

    [Test]
    public async Task MaskedValues_AreShownToAPostOnly_AndRecordedFirst()
    {
        await using var host = await StartAsync();
        var (_, hold) = await host.HoldAsync(new { secret_args = "rm -rf /", token = 4_711, password = new { cmd = "ls" }, keep = true, use_password = false });
        var page = await SignInAsync(host);

        Assert.That(page, Does.Contain("masked, 8 characters").And.Contain("masked, 4 characters").And.Contain("ls").And.Contain("false").And.Not.Contain("rm -rf"));
        Assert.That(await _browser.GetStringAsync($"{host.Url}/holds/{hold.Id}/reveal"), Does.Not.Contain("rm -rf"));
        using (var refused = await PostAsync($"{host.Url}/holds/{hold.Id}/reveal"))
        {
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), "without the anti-forgery token");
        }

        Assert.That(host.Approvals.Reveals(hold.Id), Is.Empty);
        using var shown = await PostAsync($"{host.Url}/holds/{hold.Id}/reveal", FieldOf(page));
        Assert.That(await shown.Content.ReadAsStringAsync(), Does.Contain("rm -rf /").And.Contain("4711"));
        Assert.That(host.Approvals.Reveals(hold.Id), Is.EqualTo([new RevealRow("Grace", host.Time.GetUtcNow())]));
    }

    [TestCase("arguments = '{'")]
    [TestCase("""arguments = '{"order":"\udc00"}'""")]
    [TestCase("verdict = 'x'")]
    [TestCase("history = '{}'")]
    public async Task Call_ThatCannotBeRead_IsShownAndDeniedOnly(string damage)
    {
        await using var host = await StartAsync();
        await host.HoldAsync(new { order = "A-2" });
        var (_, hold) = await host.HoldAsync();
        await host.Get<EnforcerDatabase>().WriteAsync(connection => connection.Execute($"UPDATE holds SET {damage} WHERE id = '{hold.Id}'"));

        var page = await SignInAsync(host);
        Assert.That(page, Does.Contain("Unreadable.").And.Contain("A-2"));
        Assert.That(ApproveButton().Count(page), Is.EqualTo(1), "the other call's");
        Assert.That(ApproveButton().Count(await _browser.GetStringAsync($"{host.Url}/holds/{hold.Id}")), Is.Zero);
        using var approved = await PostAsync($"{host.Url}/holds/{hold.Id}", ("answer", "approve"), ("hash", hold.ArgumentsHash), ("seen", hold.ArgumentsHash), FieldOf(page));
        Assert.That(await approved.Content.ReadAsStringAsync(), Does.Contain("cannot be read, so it cannot be approved"));

        using var denied = await PostAsync($"{host.Url}/holds/{hold.Id}", ("answer", "deny"), ("hash", hold.ArgumentsHash), FieldOf(page));
        Assert.That(await denied.Content.ReadAsStringAsync(), Does.Contain("refund is denied").And.Contain("a part of the stored call cannot be read"));
    }

    [Test]
    public async Task Page_MisleadingCharacters_AreOnNoPage()
    {
        var policy = Path.Combine(TestContext.CurrentContext.WorkDirectory, "hold-all.json");
        await File.WriteAllTextAsync(policy, HostileCalls.Policy);
        await using var host = await EnforcerHost.StartAsync(options => options with { PageToken = Token, PolicyPath = policy });
        foreach (var (name, json) in HostileCalls.All)
        {
            Assert.That((await host.EnforceAsync(json)).Status, Is.EqualTo(HttpStatusCode.OK), name);
            var call = JsonElement.Parse(json);
            await host.PostAsync("/v1/events/batch", JsonSerializer.Serialize(new { events = new[] { new { event_id = name, event_type = call.GetProperty("tool_name").GetString(), tool_name = call.GetProperty("tool_name").GetString(), session_id = call.GetProperty("session_id").GetString() } } }));
        }

        const string Approver = "Gr\u202Eace\u200B \u0410da";
        await SignInAsync(host, Approver);
        var holds = host.Approvals.Pending();
        foreach (var hold in holds.Take(holds.Count / 2))
        {
            await host.Approvals.DenyAsync(hold.Id, hold.ArgumentsHash, Approver, "no\u202E\u2066 wa\u00ADy");
        }

        var paths = new List<string> { "/", "/activity", "/activity?show=events", "/policy", $"/activity?session={Uri.EscapeDataString("s\u202E1")}", $"/activity?tool={Uri.EscapeDataString(Approver)}" };
        paths.AddRange(holds.Select(hold => $"/holds/{hold.Id}"));
        paths.AddRange(holds.Select(hold => $"/session?tenant=local&id={Uri.EscapeDataString(hold.Session)}"));
        paths.AddRange(holds.Take(holds.Count / 2).Select(hold => $"/?hold={hold.Id}&outcome=Recorded"));
        foreach (var path in paths)
        {
            var shown = WebUtility.HtmlDecode(ValueAttribute().Replace(await _browser.GetStringAsync($"{host.Url}{path}"), ""));
            var misleading = Enumerable.Range(0, shown.Length).Select(i => Glyph.At(shown, i))
                .Where(glyph => glyph.Category != System.Globalization.UnicodeCategory.Surrogate || !char.IsLowSurrogate((char)glyph.CodePoint))
                .Where(glyph => OddCharacters.WhyMarked(glyph) is not null && !OddCharacters.IsVisible(glyph) && glyph.CodePoint is not ('\n' or 0x27E8 or 0x27E9))
                .Select(glyph => glyph.Name);
            Assert.That(misleading, Is.Empty, path);
        }
    }

    private static Task<EnforcerHost> StartAsync() => EnforcerHost.StartAsync(options => options with { PageToken = Token });

    private async Task<string> SignInAsync(EnforcerHost host, string name = "Grace")
    {
        var form = await _browser.GetStringAsync($"{host.Url}/sign-in");
        using var reply = await PostAsync($"{host.Url}/sign-in", ("token", Token), ("name", name), FieldOf(form));
        return await reply.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> PostAsync(string url, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await _browser.PostAsync(url, content);
    }

    private static (string Name, string Value) FieldOf(string page) =>
        AntiforgeryField().Match(page) is var field ? (field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value)) : default;

    [GeneratedRegex("name=\"seen\" value=\"([^\"]+)\"")]
    private static partial Regex SeenField();

    [GeneratedRegex("<button class=\"approve\"")]
    private static partial Regex ApproveButton();

    [GeneratedRegex(" value=\"[^\"]*\"")]
    private static partial Regex ValueAttribute();

    [GeneratedRegex("type=\"hidden\" name=\"(__[^\"]+)\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryField();
}
