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
/// Sends batches to <c>POST /v1/events/batch</c> (contract §1.4, §5.6). If a retry may help, it makes three attempts with the same
/// body, and so with the same event ids. A batch that is too large is sent again in two halves.
/// </summary>
internal sealed class HttpEventSink
{
    private const int MaxPooledBytes = 1024 * 1024;

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

    public long RetriedEvents => _client.Retried;

    public ValueTask SendAsync(IReadOnlyList<SerializedEvent> events, CancellationToken cancellationToken) =>
        SendAsync(events, static (body, some) => body.Write(some), cancellationToken);

    /// <summary>Sends events of any form.</summary>
    /// <param name="events">The events, oldest first.</param>
    /// <param name="write">Writes the whole body of a request with some of the events.</param>
    /// <param name="cancellationToken">Cancels the attempts.</param>
    /// <exception cref="EventDeliveryException">Not every event was accepted; the exception says which were.</exception>
    public async ValueTask SendAsync<TEvent>(
        IReadOnlyList<TEvent> events, Action<EventBatchBody, IReadOnlyList<TEvent>> write, CancellationToken cancellationToken)
    {
        if (_options is { ApiKey: null, EventIngestToken: null })
        {
            _log.NoCredentials();
            throw new EventDeliveryException([new BatchPart(events.Count, DropReason.NoCredentials)]);
        }

        var body = Body(events, write);
        var response = ResponseOf(await _client.PostAsync(body, cancellationToken).ConfigureAwait(false), body, cancellationToken);
        if (!response.IsSuccess)
        {
            var parts = new List<BatchPart>();
            await SettleAsync(events, response, write, parts, cancellationToken).ConfigureAwait(false);
            if (parts.Exists(static part => part.Loss is not null))
            {
                throw new EventDeliveryException(parts);
            }
        }

        _log.Delivered();
    }

    /// <summary>Records the outcome of a response; on 413, halves the batch and sends it again.</summary>
    private async ValueTask SettleAsync<TEvent>(
        IReadOnlyList<TEvent> events, IngestResponse response, Action<EventBatchBody, IReadOnlyList<TEvent>> write, List<BatchPart> parts,
        CancellationToken cancellationToken)
    {
        if (!response.IsTooLarge || events.Count == 1)
        {
            parts.Add(new BatchPart(events.Count, response.Loss));
            if (response is { IsSuccess: false, HasStatus: true })
            {
                _log.Refused(response, events.Count);
            }

            return;
        }

        _client.CountRetried(events.Count);
        TEvent[][] halves = [[.. events.Take(events.Count / 2)], [.. events.Skip(events.Count / 2)]];
        foreach (var half in halves)
        {
            var body = Body(half, write);
            var next = ResponseOf(await _client.PostAsync(body, cancellationToken).ConfigureAwait(false), body, cancellationToken);
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

    /// <summary>Returns the response of the last attempt, and the body to the pool.</summary>
    private IngestResponse ResponseOf(Outcome<IngestResponse> outcome, EventBatchBody body, CancellationToken cancellationToken)
    {
        if (outcome.Exception is { } exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _log.Unreachable(exception, body.Count);
            return default;
        }

        var response = outcome.Result;

        // Only if the one attempt succeeded: an attempt that failed, or was refused early, may still read its body.
        if (response.IsSuccess && body.Attempts == 1 && body.Capacity <= MaxPooledBytes)
        {
            _free.Add(body);
        }

        return response;
    }
}
