using System.Text.Json;
using Thoth.Conformance.Clients;
using Thoth.Interception;

namespace Thoth.Conformance.Library;

/// <summary>How a call ended for its caller.</summary>
/// <param name="Tool">The tool that was called.</param>
/// <param name="Result">What it returned.</param>
/// <param name="Exception">What the caller got instead.</param>
/// <param name="Elapsed">How long the caller waited.</param>
/// <param name="Recorded">The decision on the call's last event.</param>
internal sealed record CallOutcome(VectorTool Tool, object? Result, Exception? Exception, TimeSpan Elapsed, EnforcementDecision? Recorded)
{
    /// <summary>The final decision: the refusal's own, else the one that the call's event tells.</summary>
    public EnforcementDecision? Decision => Exception switch
    {
        PolicyViolationException violation => violation.Decision,
        StepUpRequiredException held => held.Decision,
        _ => Recorded,
    };

    public string? Reason => (Exception as PolicyViolationException)?.Reason;

    private string Name => Exception switch
    {
        null => "executed",
        OperationCanceledException => "cancelled",
        ThothException => "blocked",
        _ => Exception.ToString(),
    };

    private string ExceptionName => Exception switch
    {
        PolicyDeferredException => "deferred",
        PolicyViolationException => "policy_violation",
        StepUpRequiredException => "step_up_required",
        _ => $"{Exception?.GetType().Name}",
    };

    /// <summary>Compares with what the kinds http, modify and stepup have in common.</summary>
    public void Check(Vector vector)
    {
        CheckName(vector);
        vector.Check(
            Tool.Runs == (Name == "executed" ? 1 : 0), $"the tool ran {Tool.Runs} times though the call was {Name}");
        vector.CheckText("exception", ExceptionName);
        vector.CheckText("reason", Reason);
        vector.CheckPart("reason_contains", Reason);
        vector.CheckText("sdk_reason_code", Decision?.SdkReasonCode);
        vector.CheckText("decision_reason", Recorded?.Reason);
        vector.CheckPart("decision_reason_contains", Recorded?.Reason);
        // A timer counts by a coarse clock, which steps by up to 10 ms: it may end that much early by the clock that measures here.
        vector.CheckAtLeast("min_elapsed_ms", Elapsed.TotalMilliseconds + 10);
        vector.CheckAtMost("max_elapsed_ms", Elapsed.TotalMilliseconds);
        CheckFields(vector, "exception_fields", Exception);
    }

    /// <summary>Compares whether the tool ran.</summary>
    public void CheckName(Vector vector) => vector.CheckText("outcome", Name);

    /// <summary>Compares properties by their names on the wire.</summary>
    public static void CheckFields(Vector vector, string key, object? source, Func<string, string>? read = null)
    {
        if (vector.Expected.Take(key) is not { } fields)
        {
            return;
        }

        foreach (var field in fields.EnumerateObject())
        {
            var text = FieldOf(source, field.Name).GetRawText();
            vector.CheckEqual(field.Value, JsonDocument.Parse(read is null ? text : read(text)).RootElement, $"{key}.{field.Name}");
        }
    }

    /// <summary>A property by its name on the wire, also of an exception's decision and of a decision's evidence; <c>null</c> and empty lists are what the wire leaves out.</summary>
    public static JsonElement FieldOf(object? source, string name)
    {
        foreach (var part in PartsOf(source))
        {
            if (part.GetType().GetProperties().SingleOrDefault(p => WireName(p.Name) == name) is { } property)
            {
                return JsonMatch.ToJson(property.GetValue(part) switch
                {
                    DecisionType type => WireName($"{type}").ToUpperInvariant(),
                    TimeSpan time => name.EndsWith("_ms", StringComparison.Ordinal) ? time.TotalMilliseconds : time.TotalSeconds,
                    var value => value,
                });
            }
        }

        throw new ConformanceException($"{source?.GetType().Name ?? "Nothing"} has no field '{name}'.");
    }

    private static IEnumerable<object> PartsOf(object? source) => source switch
    {
        null => [],
        PolicyViolationException violation => [violation, .. PartsOf(violation.Decision)],
        EnforcementDecision decision => [decision, decision.Evidence],
        _ => [source],
    };

    private static string WireName(string name) => name switch
    {
        nameof(EnforcementDecision.Type) => "decision",
        nameof(EnforcementDecision.StepUpTimeout) => "step_up_timeout_seconds",
        nameof(EnforcementDecision.DeferTimeout) => "defer_timeout_seconds",
        nameof(EnforcementEvidence.FastMlFeatures) => "fastml_features",
        nameof(EnforcementEvidence.Latency) => "latency_ms",
        _ => JsonNamingPolicy.SnakeCaseLower.ConvertName(name),
    };
}
