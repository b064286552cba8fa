using System.Text.Json.Serialization;

namespace Thoth.Enforcer.Errors;

/// <summary>What went wrong.</summary>
/// <param name="Code">A stable word for it.</param>
/// <param name="Message">A sentence about it.</param>
/// <param name="RequestId">Names the request in the server's log.</param>
internal sealed record ApiErrorBody(string Code, string Message, [property: JsonPropertyName("requestId")] string RequestId);
