using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Thoth.Interception.Http;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>
/// Sends requests to the enforcer's own origin, each once and with a time limit (contract §1.1); synchronously if the HTTP
/// client can.
/// </summary>
internal sealed class EnforcerHttpClient
{
    private readonly ApiClient _api;
    private readonly TimeProvider _time;
    private readonly string _baseUrl;
    private volatile bool _isSynchronous;

    public EnforcerHttpClient(ApiClient api, IOptions<ThothOptions> options, TimeProvider time)
    {
        _api = api;
        _time = time;
        _baseUrl = options.Value.ApiUrl ?? throw new InvalidOperationException("No API URL is configured.");
        _isSynchronous = api.IsSynchronous;
    }

    /// <summary>Whether <see cref="TrySend"/> can send, as far as is known.</summary>
    public bool IsSynchronous => _isSynchronous;

    /// <summary>The URL of an endpoint below the base URL. Each request carries the API key, so no other origin is used.</summary>
    public Uri Endpoint(string path) => new(_baseUrl + path);

    /// <param name="method">The method.</param>
    /// <param name="uri">One of the endpoints.</param>
    /// <param name="body">The body, if there is one.</param>
    /// <param name="limit">The time limit.</param>
    /// <param name="read">Reads the response, which is disposed afterwards.</param>
    /// <param name="state">What <paramref name="read"/> needs besides.</param>
    /// <param name="caller">The caller's own token.</param>
    /// <param name="header">A header besides those of every request.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled; the token is the caller's own.</exception>
    /// <exception cref="EnforcerUnavailableException">There was no response, or not in time.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> SendAsync<TState, T>(
        HttpMethod method, Uri uri, JsonBody? body, TimeSpan limit, Func<TState, EnforcerResponse, T> read, TState state, CancellationToken caller,
        (string Name, string Value)? header = null)
    {
        using var time = new PooledTimeout(_api.Limit(limit), _time, caller);
        using var request = _api.Request(method, uri, body);
        if (header is { } added)
        {
            request.Headers.TryAddWithoutValidation(added.Name, added.Value);
        }

        EnforcerResponse? response;
        try
        {
            using var message = await _api.SendAsync(request, time.Token).ConfigureAwait(false);
            response = UnlessCancelled(caller, await EnforcerResponse.ReadAsync(message, _time, time.Token).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            response = TransportFailure.MeaningOf(exception, time.Token, caller);
            if (response is null)
            {
                throw;
            }
        }

        using (response)
        {
            return read(state, response);
        }
    }

    /// <summary>The same without asynchronous code. Call it only if <see cref="IsSynchronous"/>.</summary>
    /// <returns>The response, or <see langword="null"/> if the client turns out to have no synchronous send; then nothing was sent.</returns>
    public EnforcerResponse? TrySend(HttpMethod method, Uri uri, JsonBody body, TimeSpan limit, CancellationToken caller)
    {
        using var time = new PooledTimeout(_api.Limit(limit), _time, caller);
        using var request = _api.Request(method, uri, body);
        try
        {
            using var message = _api.Send(request, time.Token);

            // A synchronous read takes no token; only disposing the response ends it.
            using var abort = time.Token.UnsafeRegister(static state => ((HttpResponseMessage)state!).Dispose(), message);
            return UnlessCancelled(caller, EnforcerResponse.Read(message, _time, time.Token));
        }
        catch (NotSupportedException) when (!body.WasRead && !time.Token.IsCancellationRequested)
        {
            // A handler has no synchronous send and threw before the body was read, so the request may be sent again.
            _isSynchronous = false;
            return null;
        }
        catch (Exception exception)
        {
            if (TransportFailure.MeaningOf(exception, time.Token, caller) is { } response)
            {
                return response;
            }

            throw;
        }
    }

    /// <summary>Returns the response. For a caller that has cancelled, an error status is a cancellation.</summary>
    private static EnforcerResponse UnlessCancelled(CancellationToken caller, EnforcerResponse response)
    {
        if (!response.IsSuccess)
        {
            caller.ThrowIfCancellationRequested();
        }

        return response;
    }
}
