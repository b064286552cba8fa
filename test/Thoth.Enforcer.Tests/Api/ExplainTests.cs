using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Api;

public class ExplainTests
{
    [Test]
    public async Task Explain_ViolationId_DescribesTheDecision()
    {
        await using var host = await EnforcerHost.StartAsync();
        var blocked = await host.EvaluateAsync("delete", new { secret = "hunter2" });

        var reply = await host.PostAsync("/v1/explain", $$$"""{"tenant_id":"acme","violation_id":"{{{blocked.Text("violation_id")}}}","tool_args":{"secret":"hunter2"}}""");

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK));
        foreach (var required in (string[])["violation_id", "what_happened", "why_it_was_blocked", "what_to_do_next", "business_impact", "severity"])
        {
            Assert.That(reply.Text(required), Is.Not.Empty);
        }

        Assert.That(reply.Text("why_it_was_blocked"), Is.EqualTo("Nothing is deleted. Rules: deletes."));
        Assert.That(reply.Text("severity"), Is.EqualTo("critical"));
        Assert.That(reply.Body, Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Explain_WithoutAnId_DescribesTheLastDecisionAboutTheTool()
    {
        await using var host = await EnforcerHost.StartAsync();
        await host.EvaluateAsync("delete", null);

        var reply = await host.PostAsync("/v1/explain", """{"session_id":"s-1","tool_name":"delete"}""");

        Assert.That(reply.Text("decision_reason_code"), Is.EqualTo("no_deletes"));
    }

    [TestCase("{}")]
    [TestCase("""{"violation_id":"vio_nothing"}""")]
    [TestCase("""{"violation_id":"' OR 1=1 --"}""")]
    public async Task Explain_UnknownDecision_IsNotFound(string body)
    {
        await using var host = await EnforcerHost.StartAsync();
        await host.EvaluateAsync("delete", null);

        Assert.That((await host.PostAsync("/v1/explain", body)).ErrorCode, Is.EqualTo("decision_not_found"));
    }
}
