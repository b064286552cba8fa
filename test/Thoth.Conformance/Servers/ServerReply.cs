using System.Text.Json;

namespace Thoth.Conformance.Servers;

/// <summary>A response of the server.</summary>
internal sealed class ServerReply
{
    /// <summary>The most that a client reads, in bytes (contract §1.1.5).</summary>
    public const int MaxBytes = 1024 * 1024;

    private ServerReply(int status) => Status = status;

    public int Status { get; }

    /// <summary>The body, if it is exactly one JSON object without duplicate names (contract §1.2.3).</summary>
    public JsonElement? Json { get; private init; }

    /// <summary>Why the body is not that.</summary>
    public string? JsonProblem { get; private init; }

    public static async Task<ServerReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[MaxBytes + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > MaxBytes)
        {
            return Problem($"was longer than {MaxBytes} bytes");
        }

        try
        {
            using var document = JsonDocument.Parse(bytes.AsMemory(0, length), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ServerReply(status) { Json = document.RootElement.Clone() }
                : Problem($"was {document.RootElement.ValueKind}");
        }
        catch (JsonException)
        {
            return Problem(length == 0 ? "was empty" : "was malformed");
        }

        ServerReply Problem(string what) => new(status) { JsonProblem = $"body: expected one JSON object, {what}" };
    }
}
