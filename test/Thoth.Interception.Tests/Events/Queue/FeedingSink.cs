using System.Collections.Concurrent;
using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.Tests.Events.Queue;

/// <summary>Records as many events as it is given.</summary>
internal sealed class FeedingSink : IConcurrentSink
{
    private readonly ConcurrentQueue<BehavioralEvent> _recorded = new();
    private readonly ConcurrentDictionary<BehavioralEvent, bool> _accepted = new(ReferenceEqualityComparer.Instance);

    public int MaxConcurrentBatches => 4;

    public bool IsAsynchronous { get; init; }

    public ISinkQueue? Queue { get; set; }

    public bool Has(BehavioralEvent e) => _accepted.ContainsKey(e);

    public void Record()
    {
        var e = EventSamples.New();
        Queue!.Enqueue(e);
        _recorded.Enqueue(e);
    }

    /// <summary>The events whose recording has ended since the last call.</summary>
    public List<BehavioralEvent> TakeRecorded()
    {
        var recorded = new List<BehavioralEvent>();
        for (var count = _recorded.Count; count > 0 && _recorded.TryDequeue(out var e); count--)
        {
            recorded.Add(e);
        }

        return recorded;
    }

    public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        if (IsAsynchronous)
        {
            await Task.Yield();
        }

        for (var i = 0; i < events.Count; i++)
        {
            Record();
        }

        foreach (var e in events)
        {
            _accepted.TryAdd(e, true);
        }
    }
}
