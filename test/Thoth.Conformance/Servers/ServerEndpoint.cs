namespace Thoth.Conformance.Servers;

/// <summary>An endpoint of the contract as cases name it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path behind the base URL, with placeholders.</param>
/// <param name="TimeLimit">How long a client waits for the response (contract §1.1.6).</param>
internal sealed record ServerEndpoint(HttpMethod Method, string Path, TimeSpan TimeLimit)
{
    public static ServerEndpoint Read(StrictJson json) => new(
        new HttpMethod(json.Text("method") ?? throw new ConformanceException("An endpoint has no method.")),
        json.Text("path") ?? throw new ConformanceException("An endpoint has no path."),
        TimeSpan.FromSeconds(json.Number("seconds") ?? throw new ConformanceException("An endpoint has no time limit.")));
}
