using System.Collections.Concurrent;

namespace Thoth.Interception.Tests.Events.Queue;

/// <summary>Never completes synchronously.</summary>
internal sealed class YieldingSink : IConcurrentSink
{
    private readonly ConcurrentDictionary<string, bool> _ids = new();

    public int MaxConcurrentBatches => 4;

    public int Count => _ids.Count;

    public bool Has(BehavioralEvent e) => _ids.ContainsKey(e.EventId);

    public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var e in events)
        {
            Assert.That(_ids.TryAdd(e.EventId, true), Is.True);
        }
    }
}
