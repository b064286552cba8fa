namespace ToolLoops.Servers;

/// <summary>The exception that is thrown for a request that the provider would refuse.</summary>
/// <param name="message">The provider's message.</param>
/// <param name="status">The HTTP status.</param>
/// <param name="type">The provider's type of the error.</param>
/// <param name="param">OpenAI: the part of the request.</param>
internal sealed class RequestException(string message, int status = 400, string type = "invalid_request_error", string? param = null) : Exception(message)
{
    public int Status { get; } = status;

    public string Type { get; } = type;

    public string? Param { get; } = param;
}
