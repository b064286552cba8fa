using System.Collections.Concurrent;

namespace Thoth.Interception.Tests.Samples.Extending;

/// <summary>Responds to HTTP requests without a network, and keeps them.</summary>
internal sealed class StubHandler(Func<HttpResponseMessage> respond) : HttpMessageHandler
{
    private readonly ConcurrentQueue<(HttpRequestMessage Request, string Body)> _received = new();

    public IReadOnlyList<(HttpRequestMessage Request, string Body)> Received => [.. _received];

    public HttpClient Client() => new(this) { BaseAddress = new Uri("https://stub.example/") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        _received.Enqueue((request, body));
        return respond();
    }
}
