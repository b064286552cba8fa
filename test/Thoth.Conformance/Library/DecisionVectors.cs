using System.Text.Json;
using Thoth.Conformance.Clients;
using Thoth.Interception;

namespace Thoth.Conformance.Library;

/// <summary>
/// Kind <c>decision</c>: what the enforcer's answer is understood as. A governed call tells it: by its exception, else by
/// its last event. Where a verdict cannot be carried out the call is refused for that, and the verdict itself is what
/// <see cref="IEnforcer"/> gave.
/// </summary>
internal static class DecisionVectors
{
    private const string Tool = "tool";

    public static async Task RunAsync(Vector vector)
    {
        var ids = vector.Input.Object("request");
        var action = ids?.Text("action_attestation_id");
        var setup = new VectorSetup
        {
            Sink = new VectorSink(),
            Configure = options =>
            {
                options.StepUp.Mode = StepUpMode.Throw;
                options.EnforcementTraceId = ids?.Text("enforcement_trace_id");
            },
        };
        await using var host = await VectorHost.StartAsync(await VectorServers.StartAsync(vector), setup);
        var body = vector.Input.Text("raw_body") ?? vector.Input.Take("response")?.GetRawText() ?? throw new ConformanceException("The case has no answer.");

        // Every call has an id of its own: it stands for the one that the case names, in the answer and in what is expected.
        host.Server.OnEnforce = request => action is null ? body : body.Replace(Quoted(action), Quoted(SentIn(request)), StringComparison.Ordinal);
        using var session = host.Sessions.Start(new ThothSessionOptions { SessionId = ids?.Text("session_id") });
        var outcome = await host.CallAsync(Tool, new VectorTool(VectorArguments.Of(JsonMatch.ToJson(new { path = "orig" }))));
        var decision = await VerdictAsync(host, session, outcome.Decision ?? throw new ConformanceException($"No decision: {outcome.Exception}"));

        string Named(string json) =>
            action is null ? json : json.Replace(Quoted(SentIn(host.Server.Enforces[^1])), Quoted(action), StringComparison.Ordinal);

        vector.CheckText("decision", CallOutcome.FieldOf(decision, "decision").GetString());
        vector.CheckText("sdk_reason_code", decision.SdkReasonCode);
        CallOutcome.CheckFields(vector, "fields", decision, Named);
        foreach (var field in vector.Expected.Texts("absent"))
        {
            var value = CallOutcome.FieldOf(decision, field);
            vector.Check(
                value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0),
                $"absent: {field} is {value.GetRawText()}");
        }

        if (vector.Expected.Text("violation_message") is { } message)
        {
            vector.Check(
                message == outcome.Exception?.Message || message == outcome.Reason,
                $"violation_message: expected '{message}', was '{outcome.Exception?.Message}'");
        }
    }

    private static async Task<EnforcementDecision> VerdictAsync(VectorHost host, ThothSession session, EnforcementDecision decision)
    {
        if (decision.SdkReasonCode is not (
            SdkReasonCodes.StepUpHoldTokenMissing or SdkReasonCodes.StepUpHoldTokenInvalid or SdkReasonCodes.ModifyNotApplicable))
        {
            return decision;
        }

        var request = new EnforcementRequest
        {
            Context = session.Context,
            ToolName = Tool,
            SessionToolCalls = [Tool],
            OccurredAt = TimeProvider.System.GetUtcNow(),
        };
        return await host.Get<IEnforcer>().EvaluateAsync(request, CancellationToken.None);
    }

    private static string Quoted(string id) => $"\"{id}\"";

    private static string SentIn(RecordedRequest request) => request.Json.GetProperty("action_attestation_id").GetString()!;
}
