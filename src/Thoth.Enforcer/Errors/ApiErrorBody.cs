using System.Text.Json.Serialization;

namespace Thoth.Enforcer.Errors;

/// <summary>The error.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Message">A sentence that describes it.</param>
/// <param name="RequestId">The id of the request in the server's log.</param>
internal sealed record ApiErrorBody(string Code, string Message, [property: JsonPropertyName("requestId")] string RequestId);
