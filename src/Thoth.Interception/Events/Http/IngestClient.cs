using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Polly;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Events.Serialization;
using Thoth.Interception.Http;

namespace Thoth.Interception.Events.Http;

/// <summary>Posts the body of a batch to <c>POST /v1/events/batch</c> (contract §1.4, §5.6), with retries if these may help.</summary>
internal sealed class IngestClient
{
    private static readonly TimeSpan s_attemptTimeout = TimeSpan.FromSeconds(5);
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly ApiClient _api;
    private readonly ThothOptions _options;
    private readonly TimeProvider _time;
    private readonly Uri _endpoint;
    private readonly ResiliencePipeline<IngestResponse> _attempts;
    private long _retried;

    public IngestClient(ApiClient api, ThothOptions options, TimeProvider time)
    {
        (_api, _options, _time) = (api, options, time);
        _endpoint = new Uri($"{options.ApiUrl}/v1/events/batch");
        _attempts = EventBackoff.Pipeline(time);
    }

    /// <summary>Gets how many events were sent again, counted with each retry.</summary>
    public long Retried => Interlocked.Read(ref _retried);

    /// <returns>The outcome of the last attempt: a response or an exception.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<IngestResponse>> PostAsync(EventBatchBody body, CancellationToken cancellationToken)
    {
        var compressed = body.Written.Length > _options.Events.CompressionThresholdBytes ? EventCompression.Gzip(body.Written.Span) : null;

        // Nearly every batch arrives at the first attempt. The retry pipeline costs about as much as sending, so it runs only for the others.
        var first = await AttemptAsync(body, compressed, cancellationToken).ConfigureAwait(false);
        return EventBackoff.MayHelp(first, cancellationToken)
            ? await ContinueAsync(first, body, compressed, cancellationToken).ConfigureAwait(false)
            : first;
    }

    public void CountRetried(int events)
    {
        Interlocked.Add(ref _retried, events);
        EventMetrics.CountEvents(events, "retried", nameof(HttpEventSink));
    }

    /// <summary>Makes the attempts after a first one that failed. The first counts as one of them.</summary>
    private async ValueTask<Outcome<IngestResponse>> ContinueAsync(
        Outcome<IngestResponse> first, EventBatchBody body, byte[]? compressed, CancellationToken cancellationToken)
    {
        Outcome<IngestResponse>? made = first;
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            return await _attempts.ExecuteOutcomeAsync(NextAsync, context, body).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }

        ValueTask<Outcome<IngestResponse>> NextAsync(ResilienceContext attempt, EventBatchBody sent)
        {
            if (made is not { } outcome)
            {
                return AttemptAsync(sent, compressed, attempt.CancellationToken);
            }

            made = null;
            return ValueTask.FromResult(outcome);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome<IngestResponse>> AttemptAsync(EventBatchBody body, byte[]? compressed, CancellationToken cancellationToken)
    {
        if (body.Attempts++ > 0)
        {
            CountRetried(body.Count);
        }

        using var time = new PooledTimeout(_api.Limit(s_attemptTimeout), _time, cancellationToken);
        using var request = Request(body, compressed);
        try
        {
            using var response = await _api.SendAsync(request, time.Token).ConfigureAwait(false);
            var hint = await AuthHint.ForAsync(response, time.Token).ConfigureAwait(false);
            return Outcome.FromResult(new IngestResponse(response.StatusCode, RetryAfterHeader.In(response, _time), hint));
        }
        catch (Exception exception)
        {
            var isLate = time.Token.IsCancellationRequested && !cancellationToken.IsCancellationRequested;
            return Outcome.FromException<IngestResponse>(isLate ? new TimeoutException("The API did not answer in time.", exception) : exception);
        }
    }

    private HttpRequestMessage Request(EventBatchBody body, byte[]? compressed)
    {
        var content = new ReadOnlyMemoryContent(compressed ?? body.Written) { Headers = { ContentType = s_json } };
        var request = _api.Request(HttpMethod.Post, _endpoint, content);
        if (_options.EventIngestToken is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Thoth-Event-Ingest-Token", _options.EventIngestToken);
        }

        if (compressed is not null)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return request;
    }
}
