using System.Net.Http.Headers;
using System.Text;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Api;

public class RequestBodyTests
{
    private static readonly string s_large =
        $$$"""{"tool_name":"read_doc","session_id":"s","tool_args":{"a":"{{{new string('x', EnforcerOptions.MaxBodyBytes)}}}"}}""";

    [TestCase("/v1/enforce", false)]
    [TestCase("/v1/enforce", true)]
    [TestCase("/v1/events/batch", false)]
    [TestCase("/v1/explain", true)]
    public async Task Body_LargerThanAllowed_IsRefused(string path, bool chunked)
    {
        await using var host = await EnforcerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Url + path) { Content = Content(s_large, "application/json") };
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

    private static ByteArrayContent Content(string text, string? type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}
