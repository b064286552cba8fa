using Thoth.Interception.Serialization;
using Thoth.Interception.Sessions;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>
/// Writes the body of an enforce request (contract §1.2.1). The part that is the same for a session is written once and then
/// copied. The arguments are JSON already and are copied too.
/// </summary>
internal static class EnforceBody
{
    /// <param name="request">The request.</param>
    /// <param name="extend">Writes further members.</param>
    /// <param name="state">The source of those members.</param>
    /// <returns>The body, to be disposed when it has been sent.</returns>
    public static JsonBody Of<TState>(EnforcementRequest request, Action<PooledJsonWriter, TState>? extend, TState state)
    {
        using var json = PooledJsonWriter.Rent();
        Write(json, request);
        extend?.Invoke(json, state);
        json.Raw("}"u8);
        var length = json.Length;
        return new JsonBody(json.Take(), length);
    }

    public static JsonBody Of(EnforcementRequest request) => Of<object?>(request, null, null);

    private static void Write(PooledJsonWriter json, EnforcementRequest request)
    {
        json.Raw("{\"request_id\":\""u8);
        json.Uuid(Uuid.New());
        json.Raw("\",\"tool_name\":"u8);
        json.Raw(request.ToolNameJson);
        json.Raw(",\"action_attestation_id\":"u8);
        request.ActionId.Write(json, "\""u8);
        json.Raw(",\"occurred_at\":\""u8);
        json.Time(request.OccurredAt);
        json.Raw("\""u8);
        json.Raw(request.Context.RequestJson ??= ContextJson.Of(request.Context));
        json.Raw(",\"session_tool_calls\":"u8);
        ToolCallHistory.Write(json, request.SessionToolCalls);
        if (request.Arguments.Length > "{}".Length)
        {
            json.Raw(",\"tool_args\":"u8);
            json.Raw(request.Arguments.Span);
        }
    }
}
