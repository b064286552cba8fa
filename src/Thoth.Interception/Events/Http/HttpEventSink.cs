using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Events.Serialization;
using Thoth.Interception.Http;

namespace Thoth.Interception.Events.Http;

/// <summary>
/// Sends batches to <c>POST /v1/events/batch</c> (contract §1.4, §5.6): three attempts where trying again may help, with the same
/// body and so the same event ids; a batch that is too large in two halves, each once more.
/// </summary>
internal sealed class HttpEventSink : IEventSink
{
    private const int KeptBytes = 1024 * 1024;

    private readonly IngestClient _client;
    private readonly ThothOptions _options;
    private readonly DeliveryLog _log;
    private readonly ConcurrentBag<EventBatchBody> _free = [];

    public HttpEventSink(
        ApiClient api, IOptions<ThothOptions> options, TimeProvider time, ILogger<HttpEventSink> logger)
    {
        _options = options.Value;
        _client = new IngestClient(api, _options, time);
        _log = new DeliveryLog(new NonThrowingLogger<HttpEventSink>(logger));
    }

    public int MaxConcurrentBatches => _options.Events.MaxConcurrentBatches;

    public long RetriedEvents => _client.Retried;

    public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken) =>
        SendAsync(events, static (body, some) => body.Write(some), cancellationToken);

    public ValueTask SendAsync(IReadOnlyList<SerializedEvent> events, CancellationToken cancellationToken) =>
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
            throw new EventDeliveryException([new BatchPart(events.Count, DropReason.NoCredentials)]);
        }

        var body = Body(events, write);
        var answer = AnswerIn(await _client.PostAsync(body, cancellationToken).ConfigureAwait(false), body, cancellationToken);
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
        IReadOnlyList<TEvent> events, IngestResponse answer, Action<EventBatchBody, IReadOnlyList<TEvent>> write, List<BatchPart> parts,
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

        _client.CountRetried(events.Count);
        TEvent[][] halves = [[.. events.Take(events.Count / 2)], [.. events.Skip(events.Count / 2)]];
        foreach (var half in halves)
        {
            var body = Body(half, write);
            var next = AnswerIn(await _client.PostAsync(body, cancellationToken).ConfigureAwait(false), body, cancellationToken);
            await SettleAsync(half, next, write, parts, cancellationToken).ConfigureAwait(false);
        }
    }

    private EventBatchBody Body<TEvent>(IReadOnlyList<TEvent> events, Action<EventBatchBody, IReadOnlyList<TEvent>> write)
    {
        if (!_free.TryTake(out var body))
        {
            body = new EventBatchBody();
        }

        write(body, events);
        return body;
    }

    /// <summary>How the last attempt to send the body ended. The body is free from now on.</summary>
    private IngestResponse AnswerIn(Outcome<IngestResponse> outcome, EventBatchBody body, CancellationToken cancellationToken)
    {
        if (outcome.Exception is { } exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _log.Unreachable(exception, body.Count);
            return default;
        }

        var answer = outcome.Result;

        // Only where every attempt was answered with success: one that failed, or was refused early, may still read its body.
        if (answer.IsSuccess && body.Attempts == 1 && body.Capacity <= KeptBytes)
        {
            _free.Add(body);
        }

        return answer;
    }
}
