namespace Thoth.Enforcer.Tests.Support;

/// <summary>A response of the server.</summary>
internal sealed record Reply(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string[]> Headers)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public string? ErrorCode => Json.GetProperty("error").GetProperty("code").GetString();

    public string Text(string name) => Json.GetProperty(name).GetString()!;

    public bool Has(string name) => Json.TryGetProperty(name, out _);

    public string Header(string name) => string.Join(",", Headers.GetValueOrDefault(name) ?? []);
}
