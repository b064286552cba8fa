using System.Net.Http.Headers;
using System.Text;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Api;

public class RequestBodyTests
{
    private static readonly string s_largeBatch =
        $$$"""[{"session_id":"s","event_type":"X","content":"{{{new string('x', EnforcerOptions.MaxEventsBytes)}}}"}]""";

    private static readonly string s_large =
        $$$"""{"tool_name":"read_doc","session_id":"s","tool_args":{"a":"{{{new string('x', EnforcerOptions.MaxBodyBytes)}}}"}}""";

    [TestCase("/v1/enforce", false)]
    [TestCase("/v1/enforce", true)]
    [TestCase("/v1/events/batch", false)]
    [TestCase("/v1/explain", true)]
    public async Task Body_LargerThanAllowed_IsRefused(string path, bool chunked)
    {
        await using var host = await EnforcerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Url + path) { Content = Content(path.Contains("events", StringComparison.Ordinal) ? s_largeBatch : s_large, "application/json") };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = true;

        var reply = await host.SendAsync(request);

        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((HttpStatusCode.RequestEntityTooLarge, "request_too_large")));
        Assert.That((await host.EvaluateAsync("read_doc", null)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(null)]
    [TestCase("text/plain")]
    [TestCase("application/x-www-form-urlencoded")]
    [TestCase("multipart/form-data; boundary=x")]
    [TestCase("application/json; charset=utf-16")]
    public async Task Body_OfAnotherType_IsRefused(string? type)
    {
        await using var host = await EnforcerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Url + "/v1/enforce")
        {
            Content = Content("""{"tool_name":"read_doc","session_id":"s"}""", type),
        };

        var reply = await host.SendAsync(request);

        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((HttpStatusCode.UnsupportedMediaType, "unsupported_media_type")));
    }

    [TestCase("application/json")]
    [TestCase("application/json; charset=utf-8")]
    [TestCase("Application/JSON; Charset=\"UTF-8\"")]
    public async Task Body_OfJson_IsRead(string type)
    {
        await using var host = await EnforcerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Url + "/v1/enforce")
        {
            Content = Content("""{"tool_name":"read_doc","session_id":"s"}""", type),
        };

        Assert.That((await host.SendAsync(request)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Body_Compressed_IsRefused()
    {
        await using var host = await EnforcerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Url + "/v1/enforce") { Content = Content("x", "application/json") };
        request.Content.Headers.ContentEncoding.Add("gzip");

        Assert.That((await host.SendAsync(request)).Status, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    [Test]
    public async Task Body_InvalidUtf8_IsRefused()
    {
        await using var host = await EnforcerHost.StartAsync();
        byte[] bytes = [.. "{\"tool_name\":\"read_doc\",\"session_id\":\""u8, 0xff, .. "\"}"u8];
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Url + "/v1/enforce") { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        Assert.That((await host.SendAsync(request)).Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Batch_OfManyLargeEvents_IsStored()
    {
        await using var host = await EnforcerHost.StartAsync();
        var events = Enumerable.Range(0, 100).Select(i => new { event_id = $"{i}", session_id = "s", event_type = "X", content = new string('x', 110_000) });

        var reply = await host.PostAsync("/v1/events/batch", JsonSerializer.Serialize(events));

        Assert.That(reply.Body, Is.EqualTo("""{"accepted":100,"duplicates":0}"""));
    }

    [TestCase("/v1/enforce")]
    [TestCase("/v1/explain")]
    public async Task Arguments_AsLargeAsTheLibrarySends_AreRead(string path)
    {
        await using var host = await EnforcerHost.StartAsync();
        await host.EvaluateAsync("read_doc", null, "s");
        var arguments = $$$"""{"a":"{{{new string('x', (1024 * 1024) - 8)}}}"}""";
        Assert.That(arguments, Has.Length.EqualTo(1024 * 1024));
        var history = JsonSerializer.Serialize(Enumerable.Repeat(new string('t', 500), 127).Append("read_doc"));

        var reply = await host.PostAsync(
            path, $$"""{"tool_name":"read_doc","session_id":"s","session_tool_calls":{{history}},"approved_scope":{{history}},"tool_args":{{arguments}}}""");

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
    }

    [TestCase("/v1/enforce", """{"tool_name":"refund","tool_args":{"order":"\udc00","amount":500},"session_id":"z"}""")]
    [TestCase("/v1/enforce", """{"tool_name":"refund","tool_args":{"\ud800":1},"session_id":"z"}""")]
    [TestCase("/v1/enforce", """{"tool_name":"refund","tool_args":{"a":[{"b":"x\udbffy"}]},"session_id":"z"}""")]
    [TestCase("/v1/enforce", """{"tool_name":"refund\udc00","session_id":"z"}""")]
    [TestCase("/v1/enforce", """{"tool_name":"refund","session_id":"\udc00"}""")]
    [TestCase("/v1/enforce", """{"tool_name":"refund","session_id":"z","user_id":"\udc00\ud800"}""")]
    [TestCase("/v1/enforce", """{"tool_name":"refund","session_id":"z","agent_id":"\ud83d"}""")]
    [TestCase("/v1/enforce", """{"tool_name":"refund","session_id":"z","session_tool_calls":["\ud800"]}""")]
    [TestCase("/v1/enforce", """{"tool_name":"refund","session_id":"z","session_intent":"\ud800"}""")]
    [TestCase("/v1/enforce", """{"tool_name":"refund","session_id":"z","ignored":{"deep":"\ud800"}}""")]
    [TestCase("/v1/explain", """{"tool_name":"refund\ud800","session_id":"z"}""")]
    [TestCase("/v1/events/batch", """[{"event_type":"X","session_id":"s","tool_name":"\ud800"}]""")]
    [TestCase("/v1/events/batch", """[{"event_type":"X","session_id":"s","metadata":{"note":"\udc00"}}]""")]
    public async Task Body_WithHalfASurrogatePair_IsRefused(string path, string body)
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.PostAsync(path, body);

        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((HttpStatusCode.BadRequest, "malformed_request")));
        Assert.That(host.Approvals.Pending(), Is.Empty);
    }

    [Test]
    public async Task Body_WithWholeSurrogatePairs_IsRead()
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.EnforceAsync("""{"tool_name":"refund","tool_args":{"\ud83d\ude00":"\ud83d\ude00"},"session_id":"z"}""");

        Assert.That(reply.Text("decision"), Is.EqualTo("STEP_UP"));
    }

    [TestCase("//v1/enforce")]
    [TestCase("///v1/enforce")]
    [TestCase("//v1/enforce/")]
    public async Task Path_AfterAnAddressWithSlashes_IsAnswered(string path)
    {
        await using var host = await EnforcerHost.StartAsync(options => options with { Keys = "acme=thoth_test_acme_0123456789" });
        const string Body = """{"tool_name":"refund","session_id":"s"}""";

        Assert.That((await host.PostAsync(path, Body)).Status, Is.EqualTo(HttpStatusCode.Unauthorized), "the key is still needed");
        var held = await host.PostAsync(path, Body, ("X-Api-Key", "thoth_test_acme_0123456789"));
        Assert.That(held.Text("decision"), Is.EqualTo("STEP_UP"));
        var poll = await host.SendAsync(HttpMethod.Get, $"//v1/enforce/hold/{held.Text("hold_token")}", null, ("X-Api-Key", "thoth_test_acme_0123456789"));
        Assert.That(poll.Text("decision"), Is.EqualTo("STEP_UP"));
        Assert.That((await host.PostAsync("//v1/events/batch", "[]", ("X-Api-Key", "thoth_test_acme_0123456789"))).Status, Is.EqualTo(HttpStatusCode.Accepted));
    }

    private static ByteArrayContent Content(string text, string? type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}
