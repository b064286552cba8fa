using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Api;

public class EventsTests
{
    private const string Snake =
        """
        {"event_id":"acme:1","tenant_id":"acme","session_id":"s","user_id":"u","agent_id":"bot","source_type":"agent_tool_call","event_type":"TOOL_CALL_POST","tool_name":"read_doc",
         "content":"tool invocation completed","approved_scope":[],"enforcement_mode":"block","session_tool_calls":["read_doc"],"occurred_at":"2026-01-02T03:04:00Z",
         "metadata":{"event_phase":"post","authorization_decision":"ALLOW","decision_reason_code":"reads","duration_ms":12.5,"action_attestation_id":"a"}}
        """;

    private const string Camel =
        """
        {"eventId":"acme:1","tenantId":"acme","sessionId":"s","userId":"u","agentId":"bot","sourceType":"agent_tool_call","eventType":"TOOL_CALL_POST","toolName":"read_doc",
         "content":"tool invocation completed","approvedScope":[],"enforcementMode":"block","sessionToolCalls":["read_doc"],"occurredAt":"2026-01-02T03:04:00Z",
         "metadata":{"eventPhase":"post","authorizationDecision":"ALLOW","decisionReasonCode":"reads","durationMs":12.5,"actionAttestationId":"a"}}
        """;

    [TestCase("[" + Snake + "]", TestName = "array, snake_case")]
    [TestCase("{\"events\":[" + Snake + "]}", TestName = "wrapper, snake_case")]
    [TestCase("[" + Camel + "]", TestName = "array, camelCase")]
    [TestCase("{\"events\":[" + Camel + "]}", TestName = "wrapper, camelCase")]
    public async Task Batch_EveryShape_IsStoredAlike(string body)
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.PostAsync("/v1/events/batch", body);

        Assert.That((reply.Status, reply.Body), Is.EqualTo((HttpStatusCode.Accepted, """{"accepted":1,"duplicates":0}""")));
        var row = host.Activity.Events(new ActivityFilter()).Single();
        Assert.That(
            (row.EventId, row.Type, row.Session, row.Tool, row.Agent, row.User, row.Phase, row.Decision, row.Code, row.DurationMs, row.Action),
            Is.EqualTo(("acme:1", "TOOL_CALL_POST", "s", "read_doc", "bot", "u", "post", "ALLOW", "reads", 12.5, "a")));
        Assert.That(row.OccurredAt, Is.EqualTo(new DateTimeOffset(2026, 1, 2, 3, 4, 0, TimeSpan.Zero)));
    }

    [Test]
    public async Task Batch_DeliveredAgain_IsStoredOnce()
    {
        await using var host = await EnforcerHost.StartAsync();
        await host.PostAsync("/v1/events/batch", $"[{Snake}]");

        var again = await host.PostAsync("/v1/events/batch", $"[{Camel},{Camel.Replace("acme:1", "acme:2", StringComparison.Ordinal)}]");

        Assert.That(again.Body, Is.EqualTo("""{"accepted":1,"duplicates":1}"""));
        Assert.That(host.Activity.Events(new ActivityFilter()), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Batch_EventWithoutAnId_IsKnownByItsContent()
    {
        await using var host = await EnforcerHost.StartAsync();
        const string Body = """[{"session_id":"s","event_type":"X"}]""";
        await host.PostAsync("/v1/events/batch", Body);

        var again = await host.PostAsync("/v1/events/batch", Body);

        Assert.That(again.Body, Is.EqualTo("""{"accepted":0,"duplicates":1}"""));
    }

    [Test]
    public async Task Batch_LongIdsThatDifferAtTheirEnd_AreTwoEvents()
    {
        await using var host = await EnforcerHost.StartAsync();
        var id = new string('i', 600);
        var body = $$"""[{"event_id":"{{id}}1","session_id":"s","event_type":"X"},{"event_id":"{{id}}2","session_id":"s","event_type":"X"}]""";

        var first = await host.PostAsync("/v1/events/batch", body);
        var again = await host.PostAsync("/v1/events/batch", body.Replace("event_type", "eventType", StringComparison.Ordinal));

        Assert.That((first.Body, again.Body), Is.EqualTo(("""{"accepted":2,"duplicates":0}""", """{"accepted":0,"duplicates":2}""")));
    }

    [Test]
    public async Task Batch_Empty_IsAccepted()
    {
        await using var host = await EnforcerHost.StartAsync();

        Assert.That((await host.PostAsync("/v1/events/batch", "[]")).Status, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [TestCase("{}")]
    [TestCase("5")]
    [TestCase("")]
    [TestCase("[1]")]
    [TestCase("""{"events":{}}""")]
    [TestCase("[" + Snake + """,{"event_id":"x","session_id":"s"}]""")]
    [TestCase("[" + Snake + """,{"event_id":"x","event_type":"X"}]""")]
    [TestCase("""[{"event_type":"X","event_type":"Y","session_id":"s"}]""")]
    [TestCase("""[{"\ud800":1,"event_type":"Y","session_id":"s"}]""")]
    public async Task Batch_WithOneMalformedEvent_IsRefusedAsAWhole(string body)
    {
        await using var host = await EnforcerHost.StartAsync();

        var reply = await host.PostAsync("/v1/events/batch", body);

        Assert.That((reply.Status, reply.ErrorCode), Is.EqualTo((HttpStatusCode.BadRequest, "malformed_request")));
        Assert.That(host.Activity.Events(new ActivityFilter()), Is.Empty);
    }

    [Test]
    public async Task Batch_TooManyEvents_IsRefused()
    {
        await using var host = await EnforcerHost.StartAsync();
        var events = string.Join(',', Enumerable.Range(0, 1001).Select(i => $$"""{"event_id":"{{i}}","session_id":"s","event_type":"X"}"""));

        Assert.That((await host.PostAsync("/v1/events/batch", $"[{events}]")).Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }
}
