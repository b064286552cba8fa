using Microsoft.Extensions.Options;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Events.Queue;

/// <summary>Adds each event to the queue of every sink. Recording an event never waits and never throws.</summary>
internal sealed class EventPipeline : IEventPipeline, IAsyncDisposable, IDisposable
{
    private readonly ISinkQueue[] _queues;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly UnreservedCallEvents? _unreserved;

    public EventPipeline(IEnumerable<ISinkQueue> queues, IOptions<ThothOptions> options, TimeProvider time)
    {
        _queues = [.. queues];
        _options = options.Value.Events;
        _time = time;
        if (_options.FullMode == EventQueueFullMode.DropNewest && !Array.Exists(_queues, static queue => queue.SecuresCalls))
        {
            _unreserved = new UnreservedCallEvents(_queues);
        }

        Array.ForEach(_queues, EventMetrics.Observe);
    }

    public IReadOnlyList<ISinkQueue> Queues => _queues;

    public EventStatistics Statistics => EventStatistics.Sum(_queues.Select(static queue => queue.Statistics));

    public IReadOnlyDictionary<string, EventStatistics> StatisticsBySink =>
        _queues.ToDictionary(static queue => queue.Name, static queue => queue.Statistics);

    public void Enqueue(BehavioralEvent behavioralEvent)
    {
        foreach (var queue in _queues)
        {
            queue.Enqueue(behavioralEvent);
        }
    }

    /// <summary>Records a call's first event and, if the options or a queue ask for it, keeps a place for its last one.</summary>
    public CallEvents Begin(BehavioralEvent requested)
    {
        if (_unreserved is null)
        {
            return new ReservedCallEvents(_queues, _options, _time, requested);
        }

        Enqueue(requested);
        return _unreserved;
    }

    public Task FlushAsync(CancellationToken cancellationToken = default) =>
        Task.WhenAll(Array.ConvertAll(_queues, queue => queue.FlushAsync(cancellationToken)));

    public ValueTask DisposeAsync() => new(Task.WhenAll(Array.ConvertAll(_queues, static queue => queue.DrainAsync())));

    public void Dispose() => SynchronousWait.For(
        static async pipeline =>
        {
            await pipeline.DisposeAsync().ConfigureAwait(false);
            return true;
        },
        this);
}
