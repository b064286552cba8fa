using System.Text.Json;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>The part of a request that is the same for a whole session (contract §1.2.1): the members of a JSON object without its braces.</summary>
internal static class ContextJson
{
    public static byte[] Of(EnforcementContext context) => ContractJson.Members(context, Write);

    private static void Write(Utf8JsonWriter json, EnforcementContext context)
    {
        Identity(json, context);
        Purpose(json, context);
        Text(json, "model_name", context.ModelName);
        Text(json, "model_provider", context.ModelProvider);
        Text(json, "model_artifact_id", context.ModelArtifactId);
        Text(json, "model_artifact_version", context.ModelArtifactVersion);
        Element(json, "auth_context", context.AuthContext);
        Element(json, "delegation_context", context.DelegationContext);
        Element(json, "metadata", context.Metadata);
        Text(json, "endpoint_id", context.EndpointId);
        Text(json, "fleet_id", context.FleetId);
    }

    private static void Identity(Utf8JsonWriter json, EnforcementContext context)
    {
        json.WriteString("agent_id", context.AgentId);
        json.WriteString("tenant_id", context.TenantId);
        json.WriteString("user_id", context.UserId);
        json.WriteString("session_id", context.SessionId);
        json.List("approved_scope"u8, context.ApprovedScope);
        json.WriteString("enforcement_mode", EnforcementModeConverter.ToWire(context.Mode));
        json.WriteString("environment", context.Environment);
        json.WriteString("enforcement_trace_id", context.EnforcementTraceId);

        var binding = new Dictionary<string, string>
        {
            ["agent_id"] = context.AgentId,
            ["tenant_id"] = context.TenantId,
            ["user_id"] = context.UserId,
        };
        foreach (var (name, value) in context.IdentityBinding)
        {
            binding[name] = value;
        }

        json.WriteStartObject("identity_binding");
        foreach (var (name, value) in binding)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private static void Purpose(Utf8JsonWriter json, EnforcementContext context)
    {
        Text(json, "session_intent", context.SessionIntent);
        Text(json, "purpose", context.Purpose);
        Text(json, "data_classification", context.DataClassification);
        if (context.TaskContext is not { } task
            || (string.IsNullOrWhiteSpace(task.InitiatedBy) && string.IsNullOrWhiteSpace(task.TaskId) && task.Chain is not { Count: > 0 }))
        {
            return;
        }

        json.WriteStartObject("task_context");
        Text(json, "initiated_by", task.InitiatedBy);
        Text(json, "task_id", task.TaskId);
        if (task.Chain is { Count: > 0 })
        {
            json.List("chain"u8, task.Chain);
        }

        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            json.WriteString(name, value);
        }
    }

    private static void Element(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is { ValueKind: JsonValueKind.Object } element && element.EnumerateObject().MoveNext())
        {
            json.WritePropertyName(name);
            element.WriteTo(json);
        }
    }
}
