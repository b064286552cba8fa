using System.Text.Json;
using System.Text.RegularExpressions;

namespace Thoth.Conformance.Clients;

/// <summary>Answers of the server as cases write them.</summary>
internal static partial class VectorAnswer
{
    /// <summary>The base URL of the server that a redirect leads to.</summary>
    public const string OtherOrigin = "{other_origin}";

    public static bool NeedsOtherOrigin(JsonElement input) => input.GetRawText().Contains(OtherOrigin, StringComparison.Ordinal);

    /// <param name="answer">Status, body and headers, or a fault of the connection.</param>
    /// <param name="otherOrigin">What the placeholder in headers stands for.</param>
    /// <param name="bytes">The length that the body is to have.</param>
    public static ContractAnswer Read(StrictJson answer, string? otherOrigin, int? bytes = null)
    {
        switch (answer.Text("fault"))
        {
            case "connection_refused" or "connection_reset":
                return new ContractAnswer { Abort = true };
            case "timeout":
                return ContractAnswer.Never;
            case { } unknown:
                throw new ConformanceException($"The runner does not know the fault '{unknown}'.");
        }

        var headers = answer.Take("headers")?.Deserialize<Dictionary<string, string>>() ?? [];
        foreach (var (name, value) in headers)
        {
            headers[name] = value.Replace(OtherOrigin, otherOrigin, StringComparison.Ordinal);
        }

        var body = answer.Text("raw_body") ?? answer.Take("body") switch
        {
            null => "",
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { } json => json.GetRawText(),
        };
        return new ContractAnswer
        {
            Status = answer.Count("status") ?? 200,
            Body = bytes is null ? body : Padded(body, bytes.Value),
            ContentType = headers.Remove("Content-Type", out var type) ? type : "application/json",
            Headers = headers,
        };
    }

    /// <summary>The placeholder in the body, such as <c>&lt;2 MiB&gt;</c>, becomes as long as it takes; without one, blanks follow.</summary>
    private static string Padded(string body, int bytes)
    {
        var placeholder = Placeholder().Match(body);
        return placeholder.Success
            ? body.Replace(placeholder.Value, new string('x', bytes - body.Length + placeholder.Length), StringComparison.Ordinal)
            : body.PadRight(bytes);
    }

    [GeneratedRegex(@"<\d+ [KM]iB>")]
    private static partial Regex Placeholder();
}
