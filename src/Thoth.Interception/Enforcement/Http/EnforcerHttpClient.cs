using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Thoth.Interception.Http;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>
/// Requests to the enforcer's own origin, each sent once and answered within a time limit (contract §1.1). Synchronous
/// where the client allows it.
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

    /// <summary>Whether it is worth while to write a question down for <see cref="TrySend"/>.</summary>
    public bool IsSynchronous => _isSynchronous;

    /// <summary>The URL of an endpoint; the path inside the base URL is kept. No other origin is ever asked: the key goes with every request.</summary>
    public Uri Endpoint(string path) => new(_baseUrl + path);

    /// <param name="method">The method.</param>
    /// <param name="uri">One of the endpoints.</param>
    /// <param name="body">The question, if there is one.</param>
    /// <param name="limit">The time limit.</param>
    /// <param name="read">Makes something of the answer, which is gone afterwards.</param>
    /// <param name="caller">Cancels.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled; the token is the caller's own.</exception>
    /// <exception cref="EnforcerUnavailableException">Nobody answered, or not in time.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<T> SendAsync<T>(
        HttpMethod method, Uri uri, JsonBody? body, TimeSpan limit, Func<EnforcerResponse, T> read, CancellationToken caller)
    {
        using var time = new PooledTimeout(_api.Limit(limit), _time, caller);
        using var request = _api.Request(method, uri, body);
        EnforcerResponse? answer;
        try
        {
            using var response = await _api.SendAsync(request, time.Token).ConfigureAwait(false);
            answer = Unless(caller, await EnforcerResponse.ReadAsync(response, _time, time.Token).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            answer = TransportFailure.MeaningOf(exception, time.Token, caller);
            if (answer is null)
            {
                throw;
            }
        }

        using (answer)
        {
            return read(answer);
        }
    }

    /// <summary>The same without any asynchronous code, where <see cref="IsSynchronous"/> has not denied it.</summary>
    /// <returns>The answer, or <see langword="null"/> where this client has no synchronous way after all: nothing was sent then.</returns>
    public EnforcerResponse? TrySend(HttpMethod method, Uri uri, JsonBody body, TimeSpan limit, CancellationToken caller)
    {
        using var time = new PooledTimeout(_api.Limit(limit), _time, caller);
        using var request = _api.Request(method, uri, body);
        try
        {
            using var response = _api.Send(request, time.Token);

            // A synchronous read takes no token: the only way to end it is to take its connection away.
            using var abort = time.Token.UnsafeRegister(static state => ((HttpResponseMessage)state!).Dispose(), response);
            return Unless(caller, EnforcerResponse.Read(response, _time, time.Token));
        }
        catch (NotSupportedException) when (!body.WasRead && !time.Token.IsCancellationRequested)
        {
            // A handler has no synchronous way and said so before the question left: it may be asked once more.
            _isSynchronous = false;
            return null;
        }
        catch (Exception exception)
        {
            if (TransportFailure.MeaningOf(exception, time.Token, caller) is { } answer)
            {
                return answer;
            }

            throw;
        }
    }

    /// <summary>A status without a verdict is nothing to a caller that has given up.</summary>
    private static EnforcerResponse Unless(CancellationToken caller, EnforcerResponse answer)
    {
        if (!answer.IsSuccess)
        {
            caller.ThrowIfCancellationRequested();
        }

        return answer;
    }
}
