using Microsoft.Extensions.Options;

namespace Thoth.Interception.Http;

/// <summary>
/// Sends requests to the Thoth API with the handlers and the headers of the named <see cref="HttpClient"/>. It bypasses that
/// client's own <c>Send</c>, which links a token source and copies the headers for each request.
/// </summary>
internal sealed class ApiClient
{
    private readonly HttpClient _settings;
    private readonly HttpMessageInvoker _handlers;
    private readonly KeyValuePair<string, string>[] _headers;

    public ApiClient(IHttpClientFactory clients, IHttpMessageHandlerFactory handlers, IOptions<ThothOptions> options)
    {
        _settings = clients.CreateClient(ThothHttpClient.ClientName);
        var handler = handlers.CreateHandler(ThothHttpClient.ClientName);
        _handlers = new HttpMessageInvoker(handler, disposeHandler: false);
        _headers = RequestHeaders.Of(_settings, options.Value.ApiKey);
        IsSynchronous = SynchronousSendSupport.Allow(_settings, handler);
    }

    /// <summary>Gets whether <see cref="Send"/> may be used.</summary>
    public bool IsSynchronous { get; }

    /// <summary>Returns the shorter one of a request's timeout and the client's.</summary>
    public TimeSpan Limit(TimeSpan timeout) =>
        _settings.Timeout == Timeout.InfiniteTimeSpan || timeout < _settings.Timeout ? timeout : _settings.Timeout;

    public HttpRequestMessage Request(HttpMethod method, Uri uri, HttpContent? body)
    {
        var request = new HttpRequestMessage(method, uri)
        {
            Content = body,
            Version = _settings.DefaultRequestVersion,
            VersionPolicy = _settings.DefaultVersionPolicy,
        };
        foreach (var (name, value) in _headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <returns>The response, as soon as its headers have arrived.</returns>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _handlers.SendAsync(request, cancellationToken);

    /// <summary>Sends a request without any asynchronous code.</summary>
    public HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _handlers.Send(request, cancellationToken);
}
