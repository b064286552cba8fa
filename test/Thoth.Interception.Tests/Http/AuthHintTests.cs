using System.Net;
using Thoth.Interception.Http;

namespace Thoth.Interception.Tests.Http;

/// <summary>Contract §1.1.10.</summary>
public class AuthHintTests
{
    [TestCase(403, "<!doctype html>\n<HTML>forbidden</HTML>", "a firewall or an ingress")]
    [TestCase(401, "<html>", "check the key's scope")]
    [TestCase(401, """{"error":{"message":"Token Expired"}}""", "never refreshed")]
    [TestCase(403, "missing SCOPE events:write", "never refreshed")]
    [TestCase(403, "no", "check the key's scope")]
    public void Hint_FollowsTheResponse(int status, string body, string expected) =>
        Assert.That(AuthHint.For((HttpStatusCode)status, body), Does.Contain(expected));

    [Test]
    public async Task OtherStatus_HasNone()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.RequestEntityTooLarge);

        Assert.That(await AuthHint.ForAsync(response, CancellationToken.None), Is.Null);
    }
}
