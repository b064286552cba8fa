using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Api;

public class DocumentTests
{
    [Test]
    public async Task OpenApi_Document_DescribesEveryEndpoint()
    {
        await using var host = await EnforcerHost.StartAsync();

        var document = (await host.SendAsync(HttpMethod.Get, "/openapi/v1.json", null)).Json;

        Assert.That(
            document.GetProperty("paths").EnumerateObject().Select(path => path.Name),
            Is.EquivalentTo(["/v1/enforce", "/v1/enforce/hold/{token}", "/v1/events/batch", "/v1/explain", "/health"]));
        var schema = document.GetProperty("components").GetProperty("schemas").GetProperty("EnforceRequestBody").GetProperty("properties");
        Assert.That(schema.EnumerateObject().Select(property => property.Name), Does.Contain("tool_args").And.Contain("session_tool_calls"));
    }

    [Test]
    public async Task Health_OfALoadedPolicy_IsOk()
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.SendAsync(HttpMethod.Get, "/health", null);

        Assert.That(reply.Body, Is.EqualTo("""{"status":"ok","policy_id":"test","policy_version":"7","rules":7}"""));
    }

    [TestCase("GET", "/v1/nothing", HttpStatusCode.NotFound)]
    [TestCase("GET", "/v1/enforce", HttpStatusCode.MethodNotAllowed)]
    [TestCase("GET", "/v1/enforce/hold/", HttpStatusCode.NotFound)]
    public async Task Request_UnknownEndpoint_GetsTheErrorResponse(string method, string path, HttpStatusCode status)
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.SendAsync(new HttpMethod(method), path, null);

        Assert.That(reply.Status, Is.EqualTo(status));
        Assert.That(reply.ErrorCode, Is.Not.Empty);
    }
}
