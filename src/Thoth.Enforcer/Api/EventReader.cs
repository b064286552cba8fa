using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Thoth.Enforcer.Errors;
using Thoth.Enforcer.Serialization;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Api;

/// <summary>Reads a batch of events: an array or <c>{"events":[…]}</c>, in snake_case or, from TypeScript, in camelCase (contract §1.4, §5.2).</summary>
internal static class EventReader
{
    private const int MaxEvents = 1_000;
    private const int MaxNameLength = 512;

    /// <exception cref="ApiException">The batch, or one of its events, cannot be read; no event is accepted then.</exception>
    public static IReadOnlyList<EventRow> Read(ReadOnlyMemory<byte> json, Func<string?, string> tenantOf, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(json, ApiJson.DocumentOptions);
            var root = document.RootElement;
            var list = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("events", out var events) ? events : root;
            if (list.ValueKind != JsonValueKind.Array)
            {
                throw ApiException.Malformed("The body must be an array of events, or an object with one under 'events'.");
            }

            return list.GetArrayLength() <= MaxEvents
                ? [.. list.EnumerateArray().Select((item, index) => ReadEvent(item, index, tenantOf, now))]
                : throw ApiException.Malformed($"A batch holds at most {MaxEvents} events.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ApiException.Malformed("The body is not valid JSON.");
        }
    }

    private static EventRow ReadEvent(JsonElement item, int index, Func<string?, string> tenantOf, DateTimeOffset now)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.Malformed($"Event {index} is not an object.");
        }

        var metadata = item.TryGetProperty("metadata", out var inner) ? inner : default;
        var tenant = tenantOf(Text(item, "tenant_id", "tenantId"));
        var json = item.GetRawText();
        return new EventRow
        {
            Tenant = tenant,
            EventId = IdOf(Text(item, "event_id", "eventId"), json),
            ReceivedAt = now,
            OccurredAt = TimeOf(Text(item, "occurred_at", "occurredAt")) ?? now,
            Type = Short(Text(item, "event_type", "eventType")) ?? throw ApiException.Malformed($"Event {index} has no event_type."),
            Session = Short(Text(item, "session_id", "sessionId")) ?? throw ApiException.Malformed($"Event {index} has no session_id."),
            Tool = Short(Text(item, "tool_name", "toolName")),
            Agent = Short(Text(item, "agent_id", "agentId")),
            User = Short(Text(item, "user_id", "userId")),
            Phase = Short(Text(metadata, "event_phase", "eventPhase")),
            Decision = Short(Text(metadata, "authorization_decision", "authorizationDecision")),
            Code = Short(Text(metadata, "decision_reason_code", "decisionReasonCode")),
            DurationMs = Number(Find(metadata, "duration_ms", "durationMs")),
            Action = Short(Text(metadata, "action_attestation_id", "actionAttestationId")),
            Json = json,
        };
    }

    /// <summary>A hash replaces an id that is missing or too long: a truncated id could equal that of another event.</summary>
    private static string IdOf(string? id, string json) => id is { Length: <= MaxNameLength }
        ? id
        : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id ?? json)))}";

    /// <returns><see langword="null"/> for a string that is empty or missing.</returns>
    private static string? Text(JsonElement item, string snake, string camel) => Text(Find(item, snake, camel)) is { Length: > 0 } text ? text : null;

    /// <returns><see langword="null"/> for another type, or a string with half a surrogate pair.</returns>
    private static string? Text(JsonElement? value)
    {
        try
        {
            return value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <returns><see langword="null"/> for another type, or a number that is not finite.</returns>
    private static double? Number(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var finite) && double.IsFinite(finite) ? finite : null;

    /// <summary>Gets the snake_case property, or the camelCase one if that is missing, null or empty.</summary>
    private static JsonElement? Find(JsonElement item, string snake, string camel) =>
        item.ValueKind != JsonValueKind.Object ? null
        : item.TryGetProperty(snake, out var value) && value.ValueKind != JsonValueKind.Null && Text(value) is not "" ? value
        : item.TryGetProperty(camel, out value) ? value
        : null;

    private static string? Short(string? text) => text is null || text.Length <= MaxNameLength ? text : text[..MaxNameLength];

    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
