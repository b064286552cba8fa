using Microsoft.Extensions.Options;

namespace Thoth.Interception;

/// <summary>Hands each event to the lane of every sink. Recording an event never waits and never throws.</summary>
internal sealed class EventPipeline : IEventPipeline, IAsyncDisposable, IDisposable
{
    private readonly IEventLane[] _lanes;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;

    public EventPipeline(IEnumerable<IEventLane> lanes, IOptions<ThothOptions> options, TimeProvider time)
    {
        _lanes = [.. lanes];
        _options = options.Value.Events;
        _time = time;
        SecuresCalls = _options.WhenFull != EventOverflow.DropNewest || Array.Exists(_lanes, static lane => lane.SecuresCalls);
        Array.ForEach(_lanes, ThothDiagnostics.Observe);
    }

    /// <summary>A call begins with <see cref="Request"/>, and its tool waits for what it returns.</summary>
    public bool SecuresCalls { get; }

    public IReadOnlyList<IEventLane> Lanes => _lanes;

    public EventStatistics Statistics => EventStatistics.Sum(_lanes.Select(static lane => lane.Statistics));

    public IReadOnlyDictionary<string, EventStatistics> StatisticsBySink =>
        _lanes.ToDictionary(static lane => lane.Name, static lane => lane.Statistics);

    public void Enqueue(BehavioralEvent behavioralEvent)
    {
        foreach (var lane in _lanes)
        {
            lane.Enqueue(behavioralEvent);
        }
    }

    /// <summary>Records a call's first event, where calls are secured, and keeps a place for its last one.</summary>
    public CallEvidence Request(BehavioralEvent requested) => new(_lanes, _options, _time, requested);

    public Task FlushAsync(CancellationToken cancellationToken = default) =>
        Task.WhenAll(Array.ConvertAll(_lanes, lane => lane.FlushAsync(cancellationToken)));

    public ValueTask DisposeAsync() => new(Task.WhenAll(Array.ConvertAll(_lanes, static lane => lane.DrainAsync())));

    public void Dispose() => SynchronousWait.For(
        static async pipeline =>
        {
            await pipeline.DisposeAsync().ConfigureAwait(false);
            return true;
        },
        this);
}
