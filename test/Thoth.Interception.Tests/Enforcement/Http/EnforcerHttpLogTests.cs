namespace Thoth.Interception.Tests.Enforcement.Http;

/// <summary>Contract §1.1.10 and §7.4: hints in the log, and no secret anywhere.</summary>
public class EnforcerHttpLogTests
{
    [TestCase(403, "<HTML><body>no</body></html>", "a firewall or an ingress")]
    [TestCase(401, "<html>expired</html>", "never refreshed")]
    [TestCase(401, """{"error":{"code":"x","message":"API key EXPIRED"}}""", "never refreshed")]
    [TestCase(403, """{"error":"missing scope"}""", "never refreshed")]
    [TestCase(403, "", "tenant")]
    [TestCase(401, """{"error":"nope"}""", "tenant")]
    public async Task RefusedKey_LeavesAHintAndNoBody(int status, string body, string hint)
    {
        await using var host = await HttpHost.StartAsync();
        host.Server.OnEnforce = _ => new() { Status = status, Body = body };

        var exception = await host.RefusedAsync<PolicyViolationException>();

        Assert.That(host.Logs.TextAboveTrace, Does.Contain(hint).And.Contain($"status {status}"));
        if (body.Length > 0)
        {
            Assert.That(host.Logs.TextAboveTrace + exception.Message, Does.Not.Contain(body));
        }
    }

    [Test]
    public async Task NoSecret_IsInLogsOrExceptions([Values] bool sync, [Values(200, 400, 403, 503, 0)] int status)
    {
        await using var host = await HttpHost.StartAsync(options => options.StepUp.Timeout = TimeSpan.FromMilliseconds(50));
        host.Server.OnEnforce = _ => new()
        {
            Status = Math.Max(status, 200),
            Abort = status == 0,
            Body = """{"decision":"STEP_UP","hold_token":"hold-secret","reason":"reason-text","x":"body-secret"}""",
        };
        host.Server.OnHold = ContractServer.InTurn(new ContractAnswer { Abort = true }, new ContractAnswer { Status = 500, Body = "body-secret" });

        var exception = await Assert.CatchAsync<PolicyViolationException>(() => host.CallAsync(sync, "argument-secret"));

        foreach (var secret in (string[])["thoth_test_key", "hold-secret", "argument-secret", "body-secret"])
        {
            Assert.That(host.Logs.TextAboveTrace, Does.Not.Contain(secret));
            Assert.That(exception!.ToString(), Does.Not.Contain(secret));
        }

        Assert.That(host.Logs.TextAboveTrace, Does.Not.Contain("reason-text"));
        Assert.That(host.Logs.Entries.Select(e => e.Text), Has.None.Contains("thoth_test_key"), "not even at Trace");
    }

    [Test]
    public async Task Overload_IsInTheLogByItsName()
    {
        await using var host = await HttpHost.StartAsync();
        host.Server.OnEnforce = _ => new() { Status = 503 };

        await host.RefusedAsync<EnforcerUnavailableException>();

        Assert.That(host.Logs.TextAboveTrace, Does.Contain("status 503 (ServiceUnavailable)"));
    }

    [Test]
    public async Task MalformedResponse_IsInTheLog()
    {
        await using var host = await HttpHost.StartAsync();
        host.Server.OnEnforce = _ => "<html>";

        await host.RefusedAsync<PolicyViolationException>();

        Assert.That(host.Logs.TextAboveTrace, Does.Contain("cannot be read"));
    }
}
