namespace Thoth.Conformance.Servers;

/// <summary>How a request of a case identifies its caller. <c>both</c> is what the C# SDK sends.</summary>
internal static class CaseKey
{
    public const string Both = "both";

    private const string WrongKey = "thoth_test_this_key_is_wrong_0123456789";
    private const string Ingest = "ingest";
    private const string BothAndIngest = "both_and_ingest";
    private const string WrongIngest = "wrong_ingest";

    /// <returns>The option that the request needs and the user did not give, or <see langword="null"/>.</returns>
    public static string? MissingOption(string name, ServerTarget target) =>
        name != Both && target.Key is null ? "--key"
        : name is Ingest or BothAndIngest && target.IngestToken is null ? "--ingest-token"
        : null;

    /// <exception cref="ConformanceException">The case names another kind of key.</exception>
    public static void Put(HttpRequestMessage request, string name, ServerTarget target)
    {
        var (bearer, apiKey, ingest) = name switch
        {
            Both => (target.Key, target.Key, null),
            "bearer" => (target.Key, null, null),
            "api_key" => (null, target.Key, null),
            "none" => (null, null, null),
            "wrong" => (WrongKey, WrongKey, null),
            "wrong_bearer" => (WrongKey, null, null),
            "wrong_api_key" => (null, WrongKey, null),
            Ingest => (null, null, target.IngestToken),
            BothAndIngest => (target.Key, target.Key, target.IngestToken),
            WrongIngest => ((string?)null, (string?)null, WrongKey),
            _ => throw new ConformanceException($"The runner does not know the key '{name}'."),
        };
        Add(request, "Authorization", bearer is null ? null : $"Bearer {bearer}");
        Add(request, "X-Api-Key", apiKey);
        Add(request, "X-Thoth-Event-Ingest-Token", ingest);
    }

    private static void Add(HttpRequestMessage request, string header, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }
    }
}
