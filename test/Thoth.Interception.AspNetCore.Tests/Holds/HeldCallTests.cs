using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.AspNetCore.Tests.Support;

namespace Thoth.Interception.AspNetCore.Tests.Holds;

public class HeldCallTests
{
    private const string Refund = "/refund?order=A-1&amount=250";

    [TestCase("chat")]
    [TestCase(null)]
    public async Task RepeatedRequest_OnceApproved_RunsTheCallOnce(string? conversation)
    {
        await using var host = await WebHost.StartAsync();
        var id = await host.HoldAsync(conversation: conversation);
        using var early = await host.PostAsync(Refund, conversation: conversation, held: id);
        await host.ApproveAsync(id);

        using var first = await host.PostAsync(Refund, conversation: conversation, held: id);
        using var second = await host.PostAsync(Refund, conversation: conversation, held: id);

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(early.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That((await early.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("heldId").GetString(), Is.EqualTo(id));
            Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That((await second.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("reasonCode").GetString(), Is.EqualTo(SdkReasonCodes.StepUpApprovalUsed));
            Assert.That(host.Runs, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task RepeatedRequest_RunsTheCallsBeforeTheHeldOneAgain_WithTheKeysOfTheFirstRun()
    {
        await using var host = await WebHost.StartAsync(app =>
        {
            app.UseExceptionHandler();
            app.UseAuthentication();
            app.UseThoth();
            app.MapPost("/settle", static async (IShopTools tools) =>
                await tools.RefundAsync("A-1", 1) + await tools.RefundAsync("A-1", 1) + await tools.RefundAsync("A-1", 250));
        });
        using var held = await host.PostAsync("/settle", conversation: "chat");
        var id = (await held.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("heldId").GetString()!;
        await host.ApproveAsync(id);

        using var repeated = await host.PostAsync("/settle", conversation: "chat", held: id);
        using var other = await host.PostAsync("/settle", conversation: "chat");

        var keys = host.Runs.Keys.Select(static run => run.Key).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(held.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(repeated.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(keys[2..4], Is.EqualTo(keys[..2]), "the calls before the held one");
            Assert.That(keys.Distinct().Count(), Is.EqualTo(5), "two equal calls, the held one, and two of another request");
        });
    }

    [Test]
    public async Task RequestThatIsSentAgain_WithTheClientsOperationId_HasTheSameKeys()
    {
        await using var host = await WebHost.StartAsync();
        const string Small = "/refund?order=A-1&amount=1";
        (string User, string? Conversation, string? Operation)[] requests =
        [
            ("alice", "chat", "op-1"), ("alice", "chat", "op-1"), ("alice", "chat", "op-2"), ("alice", "chat", null), ("alice", "chat", null),
            ("alice", "other", "op-1"), ("bob", "chat", "op-1"),
        ];
        foreach (var (user, conversation, operation) in requests)
        {
            using var response = await host.SendAsync(
                HttpMethod.Post, Small, user, conversation, headers: operation is null ? [] : [("Idempotency-Key", operation)]);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        using var malformed = await host.SendAsync(HttpMethod.Post, Small, headers: [("Idempotency-Key", new string('x', 300))]);
        var keys = host.Runs.Keys.Select(static run => run.Key).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(keys[1], Is.EqualTo(keys[0]));
            Assert.That(keys.Distinct().Count(), Is.EqualTo(6));
            Assert.That(malformed.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        });
    }

    [Test]
    public async Task StoreThatIsDown_RunsNothingAndTellsTheClientToComeBack()
    {
        await using var host = await WebHost.StartAsync(build: builder => builder.Services.AddSingleton<IHeldCallStore>(new StoreThatIsDown()));

        using var response = await host.PostAsync(Refund, conversation: "chat", held: "0123456789abcdef0123456789abcdef");

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(response.Headers.RetryAfter, Is.Not.Null);
            Assert.That(host.Runs, Is.Empty);
        });
    }

    [Test]
    public async Task RepeatedRequest_WithOtherArguments_IsDecidedAnew()
    {
        await using var host = await WebHost.StartAsync();
        var id = await host.HoldAsync();
        await host.ApproveAsync(id);

        using var response = await host.PostAsync("/refund?order=A-1&amount=9999", held: id);

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("heldId").GetString(), Is.Not.EqualTo(id));
            Assert.That(host.Runs, Is.Empty);
        });
    }

    [Test]
    public async Task HeldCallOfAnotherUserOrConversation_CannotBeToldFromAnUnknownOne()
    {
        await using var host = await WebHost.StartAsync();
        var id = await host.HoldAsync("alice", "chat");
        await host.ApproveAsync(id);

        using var foreign = await host.PostAsync(Refund, "bob", "chat", id);
        using var foreignWithoutConversation = await host.PostAsync(Refund, "bob", null, id);
        using var otherConversation = await host.PostAsync(Refund, "alice", "other", id);
        using var unknown = await host.PostAsync(Refund, "bob", "chat", "0123456789abcdef0123456789abcdef");
        var bodies = await Task.WhenAll(((HttpResponseMessage[])[foreign, foreignWithoutConversation, otherConversation, unknown]).Select(NormalizedAsync));

        Assert.Multiple(() =>
        {
            Assert.That(foreign.StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
            Assert.That(bodies.Distinct().Count(), Is.EqualTo(1), string.Join("\n", bodies));
            Assert.That(host.Runs, Is.Empty);
        });
    }

    [Test]
    public async Task StatusOfAnotherUserOrConversation_IsNotFound()
    {
        await using var host = await WebHost.StartAsync();
        var id = await host.HoldAsync("alice", "chat");

        HttpResponseMessage[] hidden =
        [
            await host.GetAsync($"/holds/{id}", "bob", "chat"), await host.GetAsync($"/holds/{id}", "bob"),
            await host.GetAsync($"/holds/{id}/events", "bob"), await host.GetAsync($"/holds/{id}", "alice", "other"),
            await host.GetAsync("/holds/0123456789abcdef0123456789abcdef", "alice", "chat"), await host.GetAsync("/holds/%0d%0a", "alice", "chat"),
        ];
        var bodies = await Task.WhenAll(hidden.Select(NormalizedAsync));

        Assert.Multiple(() =>
        {
            Assert.That(hidden.Select(response => response.StatusCode), Is.All.EqualTo(HttpStatusCode.NotFound));
            Assert.That(bodies.Distinct().Count(), Is.EqualTo(1), string.Join("\n", bodies));
        });
    }

    [Test]
    public async Task Status_TellsTheStateAndNoArgumentOrToken()
    {
        await using var host = await WebHost.StartAsync();
        using var response = await host.PostAsync("/refund?order=SECRET-1&amount=250", conversation: "chat");
        var id = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("heldId").GetString()!;

        using var pending = await host.GetAsync($"/holds/{id}", conversation: "chat");
        var text = await pending.Content.ReadAsStringAsync();
        var list = await (await host.GetAsync("/holds", conversation: "chat")).Content.ReadFromJsonAsync<JsonElement>();
        var others = await (await host.GetAsync("/holds", "bob", "chat")).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Multiple(() =>
        {
            var body = JsonDocument.Parse(text).RootElement;
            Assert.That(body.EnumerateObject().Select(member => member.Name), Is.EqualTo((string[])["id", "tool", "reason", "state", "heldAt", "expiresAt"]));
            Assert.That(body.GetProperty("state").GetString(), Is.EqualTo("pending"));
            Assert.That(text, Does.Not.Contain("SECRET-1"));
            Assert.That(list[0].GetProperty("id").GetString(), Is.EqualTo(id));
            Assert.That(others.GetArrayLength(), Is.Zero);
            Assert.That(pending.Headers.CacheControl!.NoStore, Is.True);
        });
    }

    [Test]
    public async Task Status_FollowsTheApproverAndTheRun()
    {
        await using var host = await WebHost.StartAsync(thoth: options => options.StepUp.PollInterval = TimeSpan.FromMilliseconds(1));
        var id = await host.HoldAsync();
        var before = await StateAsync(host, id);
        await host.ApproveAsync(id);
        var approved = before;
        await Eventually.TrueAsync(() => approved == "approved", "the approval is seen", async () => approved = await StateAsync(host, id));
        using var run = await host.PostAsync(Refund, held: id);

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(before, Is.EqualTo("pending"));
            Assert.That(await StateAsync(host, id), Is.EqualTo("used"));
        });
    }

    [Test]
    public async Task List_WithoutAConversation_Is400()
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.GetAsync("/holds");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [TestCase("a,b")]
    [TestCase("")]
    [TestCase("a b")]
    [TestCase("../x")]
    public async Task MalformedHeldHeader_Is400(string id)
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.PostAsync(Refund, held: id);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task IdOfTheSizeOfATicket_FitsIntoHeaderAndPath()
    {
        await using var host = await WebHost.StartAsync();
        var ticket = new string('a', 4096);

        using var repeated = await host.PostAsync(Refund, held: ticket);
        using var status = await host.GetAsync($"/holds/{ticket}/events");

        Assert.Multiple(() =>
        {
            Assert.That(repeated.StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
            Assert.That(status.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        });
    }

    [Test]
    public async Task ExpiredCall_IsUnknownAndRunsNothing()
    {
        var time = new FakeTimeProvider();
        await using var host = await WebHost.StartAsync(build: builder => builder.Services.AddSingleton<TimeProvider>(time));
        var id = await host.HoldAsync();
        await host.ApproveAsync(id);
        time.Advance(TimeSpan.FromMinutes(16));

        using var repeated = await host.PostAsync(Refund, held: id);
        using var status = await host.GetAsync($"/holds/{id}");

        Assert.Multiple(() =>
        {
            Assert.That(repeated.StatusCode, Is.EqualTo(HttpStatusCode.PreconditionFailed));
            Assert.That(status.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(host.Runs, Is.Empty);
        });
    }

    [Test]
    public async Task TwoRepeatedRequestsAtOnce_RunTheCallOnce()
    {
        await using var host = await WebHost.StartAsync();
        var id = await host.HoldAsync(conversation: "chat");
        await host.ApproveAsync(id);

        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.PostAsync(Refund, conversation: "chat", held: id)));

        Assert.Multiple(() =>
        {
            Assert.That(host.Runs, Has.Count.EqualTo(1));
            Assert.That(responses.Count(response => response.StatusCode == HttpStatusCode.OK), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task EqualCallOfAConversation_IsTheHeldOneWithoutTheHeader()
    {
        await using var host = await WebHost.StartAsync();
        var id = await host.HoldAsync(conversation: "chat");

        var again = await host.HoldAsync(conversation: "chat");
        await host.ApproveAsync(id);
        using var run = await host.PostAsync(Refund, conversation: "chat");

        Assert.Multiple(() =>
        {
            Assert.That(again, Is.EqualTo(id));
            Assert.That(run.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public async Task OverlongHeldHeader_Is400()
    {
        await using var host = await WebHost.StartAsync();

        using var response = await host.PostAsync(Refund, held: new string('a', 7000));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    private static async Task<string> StateAsync(WebHost host, string id) =>
        (await (await host.GetAsync($"/holds/{id}")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("state").GetString()!;

    /// <summary>The whole response without what differs for each request.</summary>
    private static async Task<string> NormalizedAsync(HttpResponseMessage response)
    {
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.EnumerateObject().Where(member => member.Name != "traceId");
        return $"{response.StatusCode} {response.Headers.CacheControl} {string.Join(' ', body)}";
    }

    private sealed class StoreThatIsDown : IHeldCallStore
    {
        public ValueTask<HeldCallEntry> AddAsync(HeldCallEntry entry, CancellationToken cancellationToken) => throw new IOException("down");

        public ValueTask<HeldCallEntry?> GetAsync(string id, CancellationToken cancellationToken) => throw new IOException("down");

        public ValueTask<IReadOnlyList<HeldCallEntry>> ListAsync(string? sessionId, CancellationToken cancellationToken) => throw new IOException("down");

        public ValueTask<bool> TryReplaceAsync(HeldCallEntry entry, CancellationToken cancellationToken) => throw new IOException("down");

        public ValueTask RemoveAsync(string id, CancellationToken cancellationToken) => throw new IOException("down");
    }
}
