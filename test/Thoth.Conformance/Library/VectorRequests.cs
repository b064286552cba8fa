namespace Thoth.Conformance.Library;

/// <summary>Counts what the library sends. A request whose connection is refused is seen here only.</summary>
internal sealed class VectorRequests
{
    private int _events;

    /// <summary>Gets the number of attempts to send events.</summary>
    public int Events => Volatile.Read(ref _events);

    private void Count(HttpRequestMessage request)
    {
        if (request.RequestUri!.AbsolutePath.EndsWith("/v1/events/batch", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _events);
        }
    }

    internal sealed class Handler(VectorRequests requests) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            requests.Count(request);
            return base.SendAsync(request, cancellationToken);
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            requests.Count(request);
            return base.Send(request, cancellationToken);
        }
    }
}
