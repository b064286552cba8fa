using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;

namespace Thoth.Interception;

/// <summary>
/// Sends batches to <c>POST /v1/events/batch</c> (contract §1.4, §5.6): three attempts where trying again may help, with the same
/// body and so the same event ids; a batch that is too large in two halves, each once more.
/// </summary>
internal sealed class HttpEventSink : IEventSink
{
    private const int KeptBytes = 1024 * 1024;

    private static readonly TimeSpan s_attemptTimeout = TimeSpan.FromSeconds(5);

    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly ApiClient _api;
    private readonly ThothOptions _options;
    private readonly TimeProvider _time;
    private readonly DeliveryLog _log;
    private readonly Uri _endpoint;
    private readonly ResiliencePipeline<IngestAnswer> _attempts;
    private readonly ConcurrentBag<EventBatchBody> _free = [];
    private long _retried;

    public HttpEventSink(
        ApiClient api, IOptions<ThothOptions> options, TimeProvider time, ILogger<HttpEventSink> logger)
    {
        _api = api;
        _options = options.Value;
        _time = time;
        _log = new DeliveryLog(new QuietLogger<HttpEventSink>(logger));
        _endpoint = new Uri($"{_options.ApiUrl}/v1/events/batch");
        _attempts = EventBackoff.Pipeline(time);
    }

    public int MaxConcurrentBatches => _options.Events.MaxConcurrentBatches;

    public long RetriedEvents => Interlocked.Read(ref _retried);

    public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken) =>
        SendAsync(events, static (body, some) => body.Write(some), cancellationToken);

    /// <summary>The same for events in whatever form they are kept.</summary>
    /// <param name="events">The events, oldest first.</param>
    /// <param name="write">Writes the whole body of a request with some of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EventDeliveryException">Not every event was accepted; it says which were.</exception>
    public async ValueTask SendAsync<TEvent>(
        IReadOnlyList<TEvent> events, Action<EventBatchBody, IReadOnlyList<TEvent>> write, CancellationToken cancellationToken)
    {
        if (_options is { ApiKey: null, EventIngestToken: null })
        {
            _log.NoCredentials();
            throw new EventDeliveryException([new BatchPart(events.Count, EventLoss.NoCredentials)]);
        }

        var answer = await PostAsync(events, write, cancellationToken).ConfigureAwait(false);
        if (!answer.IsSuccess)
        {
            var parts = new List<BatchPart>();
            await SettleAsync(events, answer, write, parts, cancellationToken).ConfigureAwait(false);
            if (parts.Exists(static part => part.Loss is not null))
            {
                throw new EventDeliveryException(parts);
            }
        }

        _log.Delivered();
    }

    /// <summary>Takes note of an answer, having split what the API found too large as often as need be.</summary>
    private async ValueTask SettleAsync<TEvent>(
        IReadOnlyList<TEvent> events, IngestAnswer answer, Action<EventBatchBody, IReadOnlyList<TEvent>> write, List<BatchPart> parts,
        CancellationToken cancellationToken)
    {
        if (!answer.IsTooLarge || events.Count == 1)
        {
            parts.Add(new BatchPart(events.Count, answer.Loss));
            if (answer is { IsSuccess: false, IsAnswered: true })
            {
                _log.Refused(answer, events.Count);
            }

            return;
        }

        Interlocked.Add(ref _retried, events.Count);
        ThothDiagnostics.CountEvents(events.Count, "retried", nameof(HttpEventSink));
        TEvent[][] halves = [[.. events.Take(events.Count / 2)], [.. events.Skip(events.Count / 2)]];
        foreach (var half in halves)
        {
            var next = await PostAsync(half, write, cancellationToken).ConfigureAwait(false);
            await SettleAsync(half, next, write, parts, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<IngestAnswer> PostAsync<TEvent>(
        IReadOnlyList<TEvent> events, Action<EventBatchBody, IReadOnlyList<TEvent>> write, CancellationToken cancellationToken)
    {
        if (!_free.TryTake(out var body))
        {
            body = new EventBatchBody();
        }

        write(body, events);
        var answer = await SendAsync(body, cancellationToken).ConfigureAwait(false);

        // Only where every attempt was answered with success: one that failed, or was refused early, may still read its body.
        if (answer.IsSuccess && body.Attempts == 1 && body.Capacity <= KeptBytes)
        {
            _free.Add(body);
        }

        return answer;
    }

    private async ValueTask<IngestAnswer> SendAsync(EventBatchBody body, CancellationToken cancellationToken)
    {
        var compressed = body.Written.Length > _options.Events.CompressAbove ? EventCompression.Gzip(body.Written.Span) : null;

        // Nearly every batch arrives at once: the pipeline of attempts, which costs about as much as sending it, is for the others.
        var outcome = await AttemptAsync(body, compressed, cancellationToken).ConfigureAwait(false);
        if (EventBackoff.MayHelp(outcome, cancellationToken))
        {
            outcome = await ContinueAsync(outcome, body, compressed, cancellationToken).ConfigureAwait(false);
        }

        if (outcome.Exception is not { } exception)
        {
            return outcome.Result;
        }

        cancellationToken.ThrowIfCancellationRequested();
        _log.Unreachable(exception, body.Count);
        return default;
    }

    /// <summary>The attempts after a first one that failed, which counts as one of them.</summary>
    private async ValueTask<Outcome<IngestAnswer>> ContinueAsync(
        Outcome<IngestAnswer> first, EventBatchBody body, byte[]? compressed, CancellationToken cancellationToken)
    {
        Outcome<IngestAnswer>? made = first;
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            return await _attempts.ExecuteOutcomeAsync(NextAsync, context, this).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }

        ValueTask<Outcome<IngestAnswer>> NextAsync(ResilienceContext attempt, HttpEventSink sink)
        {
            if (made is not { } outcome)
            {
                return sink.AttemptAsync(body, compressed, attempt.CancellationToken);
            }

            made = null;
            return ValueTask.FromResult(outcome);
        }
    }

    private async ValueTask<Outcome<IngestAnswer>> AttemptAsync(EventBatchBody body, byte[]? compressed, CancellationToken cancellationToken)
    {
        if (body.Attempts++ > 0)
        {
            Interlocked.Add(ref _retried, body.Count);
            ThothDiagnostics.CountEvents(body.Count, "retried", nameof(HttpEventSink));
        }

        using var time = new TimeLimit(_api.Limit(s_attemptTimeout), _time, cancellationToken);
        using var request = Request(body, compressed);
        try
        {
            using var response = await _api.SendAsync(request, time.Token).ConfigureAwait(false);
            var hint = await AuthHint.ForAsync(response, time.Token).ConfigureAwait(false);
            return Outcome.FromResult(new IngestAnswer(response.StatusCode, RetryAfter(response), hint));
        }
        catch (Exception exception)
        {
            var isLate = time.Token.IsCancellationRequested && !cancellationToken.IsCancellationRequested;
            return Outcome.FromException<IngestAnswer>(isLate ? new TimeoutException("The API did not answer in time.", exception) : exception);
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

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };
}
