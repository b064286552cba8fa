namespace Thoth.Enforcer.Diagnostics;

/// <summary>Counts the refused requests since the start, keeps the newest, and logs one warning for each kind and minute.</summary>
internal sealed class RefusedRequests(TimeProvider time, ILogger<RefusedRequests> logger)
{
    private const int MaxExamples = 20;
    private static readonly TimeSpan s_warnEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<RefusedKind, Counter> _counters = [];
    private readonly Queue<RefusedRequest> _newest = new();

    /// <summary>Gets how many requests of each kind were refused, the most frequent kind first.</summary>
    public IReadOnlyList<(RefusedKind Kind, long Count)> Counts()
    {
        lock (_lock)
        {
            return [.. _counters.Select(static entry => (entry.Key, entry.Value.Total)).OrderByDescending(static entry => entry.Total)];
        }
    }

    /// <summary>Gets the newest refused requests, newest first.</summary>
    public IReadOnlyList<RefusedRequest> Newest()
    {
        lock (_lock)
        {
            return [.. _newest.Reverse()];
        }
    }

    public void Add(RefusedKind kind, string endpoint, string message, string sender)
    {
        var refused = new RefusedRequest(time.GetUtcNow(), kind, LogText.Escape(endpoint), LogText.Escape(message), LogText.Escape(sender));
        if (Count(refused) is { } others)
        {
            EnforcerLog.RequestRefused(logger, kind.Status, kind.Code, refused.Endpoint, refused.Message, refused.Sender, others);
        }
    }

    /// <returns>The number of requests of this kind since the last warning; <see langword="null"/> if no warning is due.</returns>
    private long? Count(RefusedRequest refused)
    {
        lock (_lock)
        {
            if (_newest.Count == MaxExamples)
            {
                _newest.Dequeue();
            }

            _newest.Enqueue(refused);
            if (!_counters.TryGetValue(refused.Kind, out var counter))
            {
                _counters.Add(refused.Kind, counter = new Counter());
            }

            counter.Total++;
            if (refused.At < counter.NextWarning)
            {
                counter.SinceWarning++;
                return null;
            }

            var others = counter.SinceWarning;
            counter.SinceWarning = 0;
            counter.NextWarning = refused.At + s_warnEvery;
            return others;
        }
    }

    private sealed class Counter
    {
        public long Total { get; set; }

        public long SinceWarning { get; set; }

        public DateTimeOffset NextWarning { get; set; }
    }
}
