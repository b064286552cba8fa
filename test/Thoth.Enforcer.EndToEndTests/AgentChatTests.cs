using Microsoft.Playwright;
using Thoth.Enforcer.EndToEndTests.Support;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tests.Support;
using Thoth.Interception.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Thoth.Enforcer.EndToEndTests;

/// <summary>A person plays the support case of the sample in the browser; the sample runs in its own process.</summary>
public class AgentChatTests
{
    private const string Refund = "The parcel of order A-1002 never arrived. Please refund it.";
    private const string Mail = "Write to the customer that the money is on its way.";
    private const string Export = "Export our contacts with name, email, phone and social security number.";
    private const string Letter = "Read courier-letter.md and tell me when order A-1003 arrives.";

    private static readonly LocatorAssertionsToBeVisibleOptions s_patient = new() { Timeout = 20_000 };
    private static readonly ViewportSize s_desktop = new() { Width = 1440, Height = 900 };

    [Test]
    public async Task Case_ApprovedOnTheEnforcersPage_GoesOnByItself()
    {
        var policy = Path.Combine(Repository.Root, "samples", "AgentChat", "thoth.policy.json");
        await using var host = await EnforcerHost.StartAsync(
            options => options with { PolicyPath = policy, PageToken = PageDriver.Token }, TimeProvider.System);
        await using var chat = await AgentChat.StartAsync(host.Url);
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(s_desktop);
        var complaints = Complaints(page);
        await page.GotoAsync(chat.Url);
        await TakePictureAsync(page, "agent-chat-start");

        await SuggestAsync(page, Refund);
        var card = page.Locator(".card");
        await Expect(card).ToContainTextAsync("Refunds above 100 need a person's approval.", new() { Timeout = 20_000 });
        await Expect(card).ToContainTextAsync("\"amount\": 250");
        await Expect(card.GetByRole(AriaRole.Button, new() { Name = "Approve" })).ToHaveCountAsync(0);
        await Expect(page.GetByLabel("Message")).ToBeDisabledAsync();
        await TakePictureAsync(page, "agent-chat-waits");
        await page.ReloadAsync();
        await Expect(card).ToBeVisibleAsync();

        var approver = await browser.OpenAsync();
        await approver.SignInAsync(host.Url, "Grace");
        await Expect(approver.Card("refund").Locator(".json")).ToContainTextAsync("A-1002");
        await approver.Card("refund").AnswerAsync("Approve");

        await Expect(page.GetByText("Done: 250.00 are refunded for order A-1002.")).ToBeVisibleAsync(s_patient);
        await Expect(card).ToHaveCountAsync(0);
        await Expect(Call(page, "refund")).ToContainTextAsync("Approved");
        await Expect(page.Locator("#effects")).ToContainTextAsync("250.00 refunded for A-1002");
        await Call(page, "refund").Locator("summary").ClickAsync();
        await Expect(Call(page, "refund")).ToContainTextAsync("Grace");

        await SuggestAsync(page, Mail);
        await Expect(page.GetByText("The support desk has the text")).ToBeVisibleAsync(s_patient);
        var blocked = Call(page, "send_email").First;
        await Expect(blocked.Locator(".read")).ToBeHiddenAsync();
        await blocked.Locator("summary").ClickAsync();
        await Expect(blocked.Locator(".read")).ToHaveTextAsync(
            "Not run: policy blocks the tool 'send_email'. Reason: The agent writes to acme.example only. Rule: mail-outside. Do not try to get the same result in another way. Tell the user.");
        await Expect(page.Locator("#effects")).Not.ToContainTextAsync("mail to cleo@customer.example");

        await SuggestAsync(page, Export);
        await Expect(page.GetByText("3 contacts with these columns: name, email.")).ToBeVisibleAsync(s_patient);
        var changed = Call(page, "export_contacts").First;
        await changed.Locator("summary").ClickAsync();
        await Expect(changed).ToContainTextAsync("Policy let it run with");

        await SuggestAsync(page, Letter);
        await Expect(page.GetByText("policy stopped it")).ToBeVisibleAsync(s_patient);
        await Expect(page.Locator("#effects")).Not.ToContainTextAsync("swift-parcel.example");
        await Expect(Call(page, "open_page")).ToContainTextAsync("Blocked");
        await changed.Locator("summary").ClickAsync();
        await Call(page, "send_email").Last.Locator("summary").ClickAsync();
        await page.EvaluateAsync("() => document.querySelector('main').scrollIntoView({ block: 'end' })");
        await TakePictureAsync(page, "agent-chat");

        Assert.That(host.Approvals.History().Single().State, Is.EqualTo(HoldState.Approved));
        Assert.That(host.Activity.Decisions(new ActivityFilter()).Count, Is.EqualTo(10));
        Assert.That(complaints, Is.Empty);
    }

    [Test]
    public async Task Case_WithThePolicyInProcess_IsApprovedInTheConversation([Values] bool script)
    {
        await using var chat = await AgentChat.StartAsync();
        await using var browser = await Browser.StartAsync();
        var (mia, omar) = (await browser.OpenAsync(Browser.Phone, script: script), await browser.OpenAsync(Browser.Phone, ColorScheme.Dark, script));
        await mia.GotoAsync(chat.Url);
        await omar.GotoAsync(chat.Url);
        await omar.GetByRole(AriaRole.Button, new() { Name = "Omar" }).ClickAsync();
        await Expect(omar.GetByRole(AriaRole.Heading, new() { Name = "Good day, Omar." })).ToBeVisibleAsync();

        await SuggestAsync(mia, Refund);
        await SuggestAsync(omar, Refund);
        await Expect(mia.Locator(".card")).ToBeVisibleAsync(s_patient);
        await Expect(omar.Locator(".card")).ToBeVisibleAsync(s_patient);
        if (script)
        {
            await TakePictureAsync(mia, "agent-chat-phone");
            await TakePictureAsync(omar, "agent-chat-phone-dark");
        }

        await omar.GetByRole(AriaRole.Button, new() { Name = "Deny" }).ClickAsync();
        await Expect(omar.GetByText("The refund did not run.")).ToBeVisibleAsync(s_patient);
        await Expect(mia.Locator(".card")).ToBeVisibleAsync();
        await Expect(mia.Locator("#effects")).Not.ToContainTextAsync("refunded");

        await mia.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await Expect(mia.GetByText("Done: 250.00 are refunded for order A-1002.")).ToBeVisibleAsync(s_patient);
        var overflow = await mia.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth");
        Assert.That(overflow, Is.LessThanOrEqualTo(0));
        await Expect(omar.GetByText("Done:")).ToHaveCountAsync(0);
    }

    [Test]
    public async Task Withdrawn_InTheConversation_NeverRuns()
    {
        var policy = Path.Combine(Repository.Root, "samples", "AgentChat", "thoth.policy.json");
        await using var host = await EnforcerHost.StartAsync(
            options => options with { PolicyPath = policy, PageToken = PageDriver.Token }, TimeProvider.System);
        await using var chat = await AgentChat.StartAsync(host.Url);
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        await page.GotoAsync(chat.Url);

        await SuggestAsync(page, Refund);
        await page.GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).ClickAsync();

        await Expect(page.GetByText("The refund did not run.")).ToBeVisibleAsync(s_patient);
        await Expect(page.Locator("#effects")).Not.ToContainTextAsync("refunded");

        var other = await page.Context.NewPageAsync();
        await other.GotoAsync(chat.Url);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start a new conversation" }).ClickAsync();
        await Expect(other.GetByRole(AriaRole.Heading, new() { Name = "Good day, Mia." })).ToBeVisibleAsync(s_patient);
        await SuggestAsync(page, Mail);
        await Expect(page.GetByText("The support desk has the text")).ToBeVisibleAsync(s_patient);
        await Expect(other.GetByText("The support desk has the text")).ToBeVisibleAsync(s_patient);
    }

    [TestCase("say", "text")]
    [TestCase("answer", "request")]
    [TestCase("restart", "restart")]
    [TestCase("user", "person")]
    public async Task Form_WithoutItsToken_IsRefused(string path, string field)
    {
        await using var chat = await AgentChat.StartAsync();
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent([new(field, "omar"), new("answer", "approve")]);

        using var response = await http.PostAsync(new Uri($"{chat.Url}/{path}"), form);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Text_OfAPerson_IsNeverMarkup()
    {
        await using var chat = await AgentChat.StartAsync();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        var complaints = Complaints(page);
        await page.GotoAsync(chat.Url);

        await page.GetByLabel("Message").FillAsync("<img src=x onerror=alert(1)> a\u202Eb");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        await Expect(page.Locator(".said.person")).ToContainTextAsync("<img src=x onerror=alert(1)> a⟨U+202E⟩b");
        await Expect(page.GetByText("I am a script")).ToBeVisibleAsync(s_patient);
        Assert.That(complaints, Is.Empty);
    }

    [Test]
    public async Task Endpoint_OfOpenAI_ReadsTheRefusal()
    {
        await using var model = await CompletionServer.StartAsync("send_email", """{"to":"eve@evil.example","subject":"s","body":"b"}""");
        await using var chat = await AgentChat.StartAsync(null, ("OPENAI_BASE_URL", model.Url), ("OPENAI_MODEL", "test"));
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync();
        await page.GotoAsync(chat.Url);
        await Expect(page.Locator("#suggestions button")).ToHaveCountAsync(0);

        await page.GetByLabel("Message").FillAsync("Mail Eve.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        await Expect(page.GetByText("I read: Not run: policy blocks the tool 'send_email'.")).ToBeVisibleAsync(s_patient);
        Assert.That(model.Requests, Has.Count.EqualTo(2));
        Assert.That(
            model.Requests[0].GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()),
            Is.EquivalentTo(["find_order", "refund", "send_email", "export_contacts", "search_docs", "read_doc", "save_doc", "delete_doc", "open_page", "search_web"]));
    }

    private static async Task TakePictureAsync(IPage page, string name)
    {
        await page.EvaluateAsync("() => Promise.all(document.getAnimations().filter(one => one.effect.getComputedTiming().iterations === 1).map(one => one.finished))");
        await Screenshots.TakeAsync(page, name);
    }

    private static List<string> Complaints(IPage page)
    {
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Add(message.Text);
            }
        };
        return complaints;
    }

    private static ILocator Call(IPage page, string tool) => page.Locator(".call").Filter(new() { Has = page.Locator($"summary .tool:text-is('{tool}')") });

    private static Task SuggestAsync(IPage page, string request) => page.GetByRole(AriaRole.Button, new() { Name = request }).ClickAsync();
}
