using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Limits;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Limits;

public class ListenAddressesTests
{
    [TestCase("http://127.0.0.1:5080")]
    [TestCase("http://localhost:0;http://[::1]:5080")]
    public void Check_Loopback_IsAccepted(string urls) =>
        Assert.That(ListenAddresses.Check(new EnforcerOptions { PolicyPath = "p", Urls = urls }, hasKeys: false), Is.Not.Empty);

    [TestCase("http://0.0.0.0:5080")]
    [TestCase("http://*:5080")]
    [TestCase("http://+:5080")]
    [TestCase("http://[::]:5080")]
    [TestCase("http://10.0.0.1:5080")]
    [TestCase("http://example.com:5080")]
    [TestCase("http://127.0.0.1:5080;http://0.0.0.0:5081")]
    [TestCase("http://127.0.0.1.example.com:5080")]
    [TestCase("http://127.0.0.1:5080/enforcer")]
    [TestCase("unix:/tmp/x")]
    [TestCase("nonsense")]
    [TestCase(" ")]
    public void Check_AnythingElse_IsRefused(string urls) =>
        Assert.That(() => ListenAddresses.Check(new EnforcerOptions { PolicyPath = "p", Urls = urls }, hasKeys: true), Throws.TypeOf<UsageException>());

    [Test]
    public void Check_Remote_RequiresTheSwitchAndKeys()
    {
        var options = new EnforcerOptions { PolicyPath = "p", Urls = "http://0.0.0.0:5080", AllowRemote = true };

        Assert.That(() => ListenAddresses.Check(options, hasKeys: false), Throws.TypeOf<UsageException>());
        Assert.That(ListenAddresses.Check(options, hasKeys: true), Is.EqualTo(["http://0.0.0.0:5080"]));
    }

    [TestCase("evil.example")]
    [TestCase("evil.example:5080")]
    [TestCase("127.0.0.1.evil.example")]
    public async Task Request_UnderAnotherHostName_IsRefused(string name)
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.EnforceAsync("""{"tool_name":"read_doc","session_id":"s"}""", ("Host", name));

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.MisdirectedRequest));
    }
}
