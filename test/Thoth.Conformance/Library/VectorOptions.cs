using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Thoth.Interception;

namespace Thoth.Conformance.Library;

/// <summary>The options that cases name, and what they are called in .NET.</summary>
internal static class VectorOptions
{
    public const string ApiUrl = "api_url";
    public const string Enforcement = "enforcement";

    private static readonly Dictionary<string, Option> s_options = new(StringComparer.Ordinal)
    {
        [ApiUrl] = new((o, v) => o.ApiUrl = v.GetString(), o => o.ApiUrl),
        ["api_key"] = new((o, v) => o.ApiKey = v.GetString(), o => o.ApiKey),
        ["event_ingest_token"] = new((o, v) => o.EventIngestToken = v.GetString(), o => o.EventIngestToken),
        ["allow_insecure_http"] = new((o, v) => o.AllowInsecureHttp = v.GetBoolean(), o => o.AllowInsecureHttp),
        ["tenant_id"] = new((o, v) => o.TenantId = v.GetString()!, o => o.TenantId),
        ["agent_id"] = new((o, v) => o.AgentId = v.GetString()!, o => o.AgentId),
        ["user_id"] = new((o, v) => o.UserId = v.GetString()!, o => o.UserId),
        ["approved_scope"] = new((o, v) => o.ApprovedScope = v.Deserialize<List<string>>()!, o => o.ApprovedScope),
        [Enforcement] = new((o, v) => o.Enforcement = ModeOf(v.GetString()!), o => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{o.Enforcement}")),
        ["fail_open"] = new((o, v) => o.FailOpen = v.GetBoolean(), o => o.FailOpen),
        ["environment"] = new((o, v) => o.Environment = v.GetString()!, o => o.Environment),
        ["session_intent"] = new((o, v) => o.SessionIntent = v.GetString(), o => o.SessionIntent),
        ["purpose"] = new((o, v) => o.Purpose = v.GetString(), o => o.Purpose),
        ["data_classification"] = new((o, v) => o.DataClassification = v.GetString(), o => o.DataClassification),
        ["task_context"] = new((o, v) => o.TaskContext = v.Deserialize<TaskContext>(s_snakeCase), o => o.TaskContext),
        ["model_name"] = new((o, v) => o.ModelName = v.GetString(), o => o.ModelName),
        ["model_provider"] = new((o, v) => o.ModelProvider = v.GetString(), o => o.ModelProvider),
        ["model_artifact_id"] = new((o, v) => o.ModelArtifactId = v.GetString(), o => o.ModelArtifactId),
        ["model_artifact_version"] = new((o, v) => o.ModelArtifactVersion = v.GetString(), o => o.ModelArtifactVersion),
        ["auth_context"] = new((o, v) => Put(o.AuthContext, Map(v)), o => o.AuthContext),
        ["delegation_context"] = new((o, v) => Put(o.DelegationContext, Map(v)), o => o.DelegationContext),
        ["request_metadata"] = new((o, v) => Put(o.RequestMetadata, Map(v)), o => o.RequestMetadata),
        ["policy_context"] = new((o, v) => Put(o.PolicyContext, Map(v)), o => o.PolicyContext),
        ["mcp_runtime_identity"] = new((o, v) => o.McpRuntimeIdentity = v.GetString(), o => o.McpRuntimeIdentity),
        ["endpoint_id"] = new((o, v) => o.EndpointId = v.GetString(), o => o.EndpointId),
        ["fleet_id"] = new((o, v) => o.FleetId = v.GetString(), o => o.FleetId),
        ["identity_binding"] = new((o, v) => Put(o.IdentityBinding, v.Deserialize<Dictionary<string, string>>()!), o => o.IdentityBinding),
        ["enforcement_trace_id"] = new((o, v) => o.EnforcementTraceId = v.GetString(), o => o.EnforcementTraceId),
        ["evaluate_in_observe_mode"] = new((o, v) => o.EvaluateInObserveMode = v.GetBoolean(), o => o.EvaluateInObserveMode),
        ["explain"] = new((o, v) => o.Explain = v.GetBoolean(), o => o.Explain),
        ["timeout_seconds"] = new((o, v) => o.EnforcementTimeout = Seconds(v), o => o.EnforcementTimeout.TotalSeconds),
        ["step_up_timeout_seconds"] = new((o, v) => o.StepUp.Timeout = Seconds(v), o => o.StepUp.Timeout.TotalSeconds),
        ["step_up_poll_interval_seconds"] = new((o, v) => o.StepUp.PollInterval = Seconds(v), o => o.StepUp.PollInterval.TotalSeconds),
        ["poll_interval_ms"] = new((o, v) => o.StepUp.PollInterval = Milliseconds(v), o => o.StepUp.PollInterval.TotalMilliseconds),
        ["queue_capacity"] = new((o, v) => o.Events.QueueCapacity = v.GetInt32(), o => o.Events.QueueCapacity),
        ["close_timeout_ms"] = new((o, v) => o.Events.DrainTimeout = Milliseconds(v), o => o.Events.DrainTimeout.TotalMilliseconds),
        ["emit_failures"] = new((o, v) => o.Events.EmitFailures = v.GetBoolean(), o => o.Events.EmitFailures),
    };

    private static readonly JsonSerializerOptions s_snakeCase = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Sets every option that the object has. Keys that are not options stay unread.</summary>
    public static Action<ThothOptions> Read(StrictJson? json, params string[] exceptFor)
    {
        var set = s_options.Where(option => json?.Has(option.Key) == true && !exceptFor.Contains(option.Key))
            .Select(option => (option.Value.Set, Value: json!.Take(option.Key)!.Value)).ToList();
        return options => set.ForEach(option => option.Set(options, option.Value));
    }

    /// <summary>The value of an option; an option without a .NET name is an error of the runner.</summary>
    public static JsonElement Get(ThothOptions options, string key) =>
        s_options.TryGetValue(key, out var option)
            ? JsonMatch.ToJson(option.Get(options))
            : throw new ConformanceException($"The runner does not know the option '{key}'.");

    /// <summary>Whether the text names a mode that a value of the type can say; old and misspelt names can be written in configuration only.</summary>
    public static bool IsTyped(string mode)
    {
        try
        {
            ModeOf(mode);
            return !mode.Trim().Equals("shadow", StringComparison.OrdinalIgnoreCase);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    public static EnforcementMode ModeOf(string text) =>
        (EnforcementMode)TypeDescriptor.GetConverter(typeof(EnforcementMode)).ConvertFromInvariantString(text)!;

    private static TimeSpan Seconds(JsonElement value) => TimeSpan.FromSeconds(value.GetDouble());

    private static TimeSpan Milliseconds(JsonElement value) => TimeSpan.FromMilliseconds(value.GetDouble());

    private static void Put<TValue>(IDictionary<string, TValue> target, Dictionary<string, TValue> values)
    {
        foreach (var value in values)
        {
            target.Add(value);
        }
    }

    private static Dictionary<string, object?> Map(JsonElement value) => value.Deserialize<Dictionary<string, object?>>()!;

    private sealed record Option(Action<ThothOptions, JsonElement> Set, Func<ThothOptions, object?> Get);
}
