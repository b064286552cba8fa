namespace Thoth.Enforcer.Errors;

/// <summary>A request that ends with an error response. The message goes to the caller and repeats nothing of the request.</summary>
internal sealed class ApiException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public static ApiException Malformed(string message) => new(StatusCodes.Status400BadRequest, "malformed_request", message);

    public static ApiException TooLarge(long limit) => new(
        StatusCodes.Status413PayloadTooLarge, "request_too_large", $"The body is larger than {limit} bytes.");
}
