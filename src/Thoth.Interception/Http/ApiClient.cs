using Microsoft.Extensions.Options;

namespace Thoth.Interception.Http;

/// <summary>
/// Sends requests to the Thoth API with the handlers and the headers of the named client. It does without the client's own
/// send, which links a token source to each request's token and copies its headers anew for each.
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
        _headers = [.. Headers(_settings, options.Value.ApiKey)];
        IsSynchronous = SynchronousSendSupport.Allow(_settings, handler);
    }

    /// <summary>Whether <see cref="Send"/> may be tried.</summary>
    public bool IsSynchronous { get; }

    /// <summary>A request's own time limit, or the client's where a host has set a shorter one.</summary>
    public TimeSpan Limit(TimeSpan own) =>
        _settings.Timeout == Timeout.InfiniteTimeSpan || own < _settings.Timeout ? own : _settings.Timeout;

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

    /// <returns>The response as soon as its headers are there.</returns>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _handlers.SendAsync(request, cancellationToken);

    /// <summary>The same without any asynchronous code.</summary>
    public HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _handlers.Send(request, cancellationToken);

    private static Dictionary<string, string> Headers(HttpClient settings, string? apiKey)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (apiKey is not null)
        {
            // Both forms, because some ingress takes one of them off (contract §1.1.2).
            headers["Authorization"] = $"Bearer {apiKey}";
            headers["X-Api-Key"] = apiKey;
        }

        foreach (var (name, values) in settings.DefaultRequestHeaders.NonValidated)
        {
            headers.TryAdd(name, values.ToString());
        }

        return headers;
    }
}
