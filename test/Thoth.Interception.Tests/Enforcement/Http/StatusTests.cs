namespace Thoth.Interception.Tests.Enforcement.Http;

/// <summary>Every row of contract §1.2.5, in both ways of calling and with fail-open off and on.</summary>
public class StatusTests
{
    [Test]
    public async Task Allow_Runs([Values] bool sync, [Values(200, 201, 202, 299)] int status)
    {
        await using var host = await HttpHost.StartAsync();
        host.Server.OnEnforce = _ => new() { Status = status, Body = """{"decision":"ALLOW"}""" };

        Assert.That(await host.CallAsync(sync), Is.EqualTo("orig"));
        Assert.That(host.Server.Enforces, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Block_Refuses([Values] bool sync, [Values] bool failOpen)
    {
        await using var host = await HttpHost.StartAsync(options => options.FailOpen = failOpen);
        host.Server.OnEnforce = _ => """{"decision":"BLOCK","reason":"out of scope","violation_id":"vio_1"}""";

        var exception = await host.RefusedAsync<PolicyViolationException>(sync);

        Assert.That((exception.Reason, exception.ViolationId, exception.SdkReasonCode), Is.EqualTo(("out of scope", "vio_1", (string?)null)));
    }

    [TestCase("\"x\"")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("{\"path\":\"\\ud800\"}")]
    [TestCase("{\"\\ud800\":1}")]
    [TestCase("{\"path\":{}}")]
    public async Task ModifiedArguments_ThatAreNone_Block(string arguments)
    {
        await using var host = await HttpHost.StartAsync();
        host.Server.OnEnforce = _ => $$"""{"decision":"MODIFY","modified_tool_args":{{arguments}}}""";

        await host.RefusedAsync<PolicyViolationException>();
    }

    [Test]
    public async Task Malformed_Blocks_AlsoUnderFailOpen(
        [Values] bool sync, [Values] bool failOpen,
        [Values("", " ", "<html>ok</html>", "{\"decision\":\"BLO", "[]", "null", "\"ALLOW\"", "{\"decision\":\"ALLOW\"}{}",
            "{\"decision\":\"BLOCK\",\"decision\":\"ALLOW\"}", "{\"decision\":\"BLOCK\",\"decisi\\u006fn\":\"ALLOW\"}", "{\"decision\":\"ALLOW\",}",
            "{/**/\"decision\":\"ALLOW\"}")] string body)
    {
        await using var host = await HttpHost.StartAsync(options => options.FailOpen = failOpen);
        host.Server.OnEnforce = _ => body;

        AssertMalformed(await host.RefusedAsync<PolicyViolationException>(sync));
    }

    [Test]
    public async Task NoContent_Blocks([Values] bool sync, [Values] bool failOpen)
    {
        await using var host = await HttpHost.StartAsync(options => options.FailOpen = failOpen);
        host.Server.OnEnforce = _ => new() { Status = 204 };

        AssertMalformed(await host.RefusedAsync<PolicyViolationException>(sync));
    }

    [Test]
    public async Task OtherStatus_Blocks_AlsoUnderFailOpen_WhateverTheBodySays(
        [Values] bool sync, [Values] bool failOpen,
        [Values(300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 422, 451)] int status)
    {
        await using var host = await HttpHost.StartAsync(options => options.FailOpen = failOpen);
        host.Server.OnEnforce = _ => new() { Status = status, Body = status == 304 ? "" : """{"decision":"ALLOW"}""" };

        var exception = await host.RefusedAsync<PolicyViolationException>(sync);

        Assert.That(exception.Reason, Is.EqualTo($"enforcer rejected request (status={status})"));
        Assert.That((exception.SdkReasonCode, exception.DecisionReasonCode), Is.EqualTo((SdkReasonCodes.EnforcerHttpError, SdkReasonCodes.EnforcerHttpError)));
        Assert.That(host.Server.RequestsOfCalls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Overload_FailClosed_Blocks([Values] bool sync, [Values(429, 500, 501, 502, 503, 504, 599)] int status)
    {
        await using var host = await HttpHost.StartAsync();
        host.Server.OnEnforce = _ => new() { Status = status, Body = """{"decision":"ALLOW"}""" };

        var exception = await host.RefusedAsync<EnforcerUnavailableException>(sync);

        Assert.That(exception.Reason, Is.EqualTo($"enforcer rejected request (status={status})"));
        Assert.That((exception.SdkReasonCode, exception.StatusCode), Is.EqualTo((SdkReasonCodes.EnforcerHttpError, status)));
        Assert.That(host.Server.RequestsOfCalls, Has.Count.EqualTo(1), "nothing is asked twice");
    }

    [Test]
    public async Task Overload_FailOpen_Runs([Values] bool sync, [Values(429, 500, 503, 599)] int status)
    {
        await using var host = await HttpHost.StartAsync(options => options.FailOpen = true);
        host.Server.OnEnforce = _ => new() { Status = status, Body = """{"decision":"BLOCK"}""" };

        Assert.That(await host.CallAsync(sync), Is.EqualTo("orig"));
        var decision = await host.LastDecisionAsync();
        Assert.That(decision.Reason, Is.EqualTo($"enforcer unavailable (status={status}, fail-open)"));
        Assert.That(decision.SdkReasonCode, Is.EqualTo(SdkReasonCodes.SdkFailOpen));
    }

    [Test]
    public async Task ConnectionRefused_FailClosed_Blocks([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync();
        await host.Server.DisposeAsync();

        AssertOutage(await host.RefusedAsync<EnforcerUnavailableException>(sync), SdkReasonCodes.EnforcerUnreachable);
    }

    [Test]
    public async Task ConnectionRefused_FailOpen_Runs([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync(options => options.FailOpen = true);
        await host.Server.DisposeAsync();

        Assert.That(await host.CallAsync(sync), Is.EqualTo("orig"));
        Assert.That((await host.LastDecisionAsync()).Reason, Is.EqualTo("enforcer unavailable (fail-open)"));
    }

    [Test]
    public async Task Reset_IsAnOutage([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync();
        host.Server.OnEnforce = _ => new() { Abort = true };

        AssertOutage(await host.RefusedAsync<EnforcerUnavailableException>(sync), SdkReasonCodes.EnforcerUnreachable);
        Assert.That(host.Server.RequestsOfCalls, Has.Count.EqualTo(1), "nothing is asked twice");
    }

    [Test]
    public async Task UnknownHost_IsAnOutage([Values] bool sync)
    {
        await using var host = await HttpHost.StartAsync(options => options.ApiUrl = "https://nobody.invalid");

        AssertOutage(await host.RefusedAsync<EnforcerUnavailableException>(sync), SdkReasonCodes.EnforcerUnreachable);
    }

    private static void AssertMalformed(PolicyViolationException exception)
    {
        Assert.That(exception.Reason, Is.EqualTo("enforcer unavailable"));
        Assert.That(exception.SdkReasonCode, Is.EqualTo(SdkReasonCodes.EnforcerInvalidResponse));
    }

    private static void AssertOutage(EnforcerUnavailableException exception, string code)
    {
        Assert.That((exception.Reason, exception.SdkReasonCode, exception.StatusCode), Is.EqualTo(("enforcer unavailable", code, (int?)null)));
        Assert.That(exception.InnerException, Is.Not.Null);
    }
}
