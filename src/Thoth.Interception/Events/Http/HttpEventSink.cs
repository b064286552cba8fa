using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Thoth.Interception;

/// <summary>
/// Sends batches to <c>POST /v1/events/batch</c> (contract §1.4, §5.6): three attempts where trying again may help, with the same
/// body and so the same event ids.
/// </summary>
internal sealed class HttpEventSink : IEventSink
{
    private const int KeptBytes = 1024 * 1024;

    private static readonly TimeSpan s_attemptTimeout = TimeSpan.FromSeconds(5);
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly IHttpClientFactory _clients;
    private readonly ThothOptions _options;
    private readonly EventCounters _counters;
    private readonly TimeProvider _time;
    private readonly DeliveryLog _log;
    private readonly Uri _endpoint;
    private readonly ResiliencePipeline<IngestAnswer> _attempts;
    private readonly ConcurrentBag<EventBatchBody> _free = [];

    public HttpEventSink(
        IHttpClientFactory clients, IOptions<ThothOptions> options, EventCounters counters, TimeProvider time,
        ILogger<HttpEventSink> logger)
    {
        _clients = clients;
        _options = options.Value;
        _counters = counters;
        _time = time;
        _log = new DeliveryLog(new QuietLogger<HttpEventSink>(logger));
        _endpoint = new Uri($"{_options.ApiUrl}/v1/events/batch");
        _attempts = Attempts(time);
    }

    public int MaxConcurrentBatches => _options.Events.MaxConcurrentBatches;

    public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        if (_options is { ApiKey: null, EventIngestToken: null })
        {
            _log.NoCredentials();
            throw new EventDeliveryException(EventLoss.NoCredentials);
        }

        if (!_free.TryTake(out var body))
        {
            body = new EventBatchBody();
        }

        body.Write(events);
        var answer = await SendAsync(body, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
        {
            _log.Refused(answer, events.Count);
            throw new EventDeliveryException(answer.IsTransient ? EventLoss.SinkFailed : EventLoss.Rejected);
        }

        _log.Delivered();

        // Only where every attempt was answered with success: one that failed, or was refused early, may still read its body.
        if (body.Attempts == 1 && body.Capacity <= KeptBytes)
        {
            _free.Add(body);
        }
    }

    private async ValueTask<IngestAnswer> SendAsync(EventBatchBody body, CancellationToken cancellationToken)
    {
        try
        {
            return await _attempts.ExecuteAsync(
                static (state, token) => state.Sink.PostAsync(state.Body, token), (Sink: this, Body: body), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _log.Unreachable(exception, body.Count);
            throw new EventDeliveryException(EventLoss.SinkFailed);
        }
    }

    private async ValueTask<IngestAnswer> PostAsync(EventBatchBody body, CancellationToken cancellationToken)
    {
        if (body.Attempts++ > 0)
        {
            _counters.CountRetried(body.Count);
        }

        using var client = _clients.CreateClient(ThothHttp.ClientName);
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint)
        {
            Content = new ReadOnlyMemoryContent(body.Written) { Headers = { ContentType = s_json } },
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        request.Authorize(_options.ApiKey);
        if (_options.EventIngestToken is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Thoth-Event-Ingest-Token", _options.EventIngestToken);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        var hint = await AuthHint.ForAsync(response, cancellationToken).ConfigureAwait(false);
        return new IngestAnswer(response.StatusCode, RetryAfter(response), hint);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };

    private static ResiliencePipeline<IngestAnswer> Attempts(TimeProvider time) =>
        new ResiliencePipelineBuilder<IngestAnswer> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<IngestAnswer>
            {
                MaxRetryAttempts = EventBackoff.Attempts - 1,
                ShouldHandle = static attempt => ValueTask.FromResult(
                    attempt.Outcome.Exception is not null ? !attempt.Context.CancellationToken.IsCancellationRequested : attempt.Outcome.Result.IsTransient),
                DelayGenerator = static attempt => ValueTask.FromResult<TimeSpan?>(
                    EventBackoff.After(attempt.AttemptNumber + 1, attempt.Outcome.Exception is null ? attempt.Outcome.Result.RetryAfter : null)),
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = s_attemptTimeout })
            .Build();
}
