namespace Thoth.Interception.Events.Queue;

/// <summary>
/// The way of events to one sink: its own queue, its own batches under way, its own figures, so that a slow sink does not hurt
/// another. Nothing here throws but a wait that is cancelled.
/// </summary>
internal interface ISinkQueue
{
    /// <summary>The sink's name, for figures; no two queues of one pipeline have the same.</summary>
    string Name { get; }

    EventStatistics Statistics { get; }

    /// <summary>How full the queue is, from 0 to 1.</summary>
    double Fill { get; }

    /// <summary>Whether what the queue keeps events in takes them. Memory always does.</summary>
    bool IsWritable => true;

    /// <summary>Calls ask <see cref="SecureAsync"/> before their tools run.</summary>
    bool SecuresCalls => false;

    /// <summary>Takes an event, or drops and counts it; never waits.</summary>
    void Enqueue(BehavioralEvent behavioralEvent);

    /// <summary>Keeps places for events to come, each for one <see cref="EnqueueReserved"/> or <see cref="Release"/>.</summary>
    /// <returns><see langword="false"/>, and nothing is kept, where there is no room or the queue is closing.</returns>
    bool TryReserve(int places);

    /// <summary>The same, waiting for room.</summary>
    /// <returns><see langword="false"/> where there was none in time or the queue is closing.</returns>
    ValueTask<bool> ReserveAsync(int places, TimeSpan timeout, CancellationToken cancellationToken);

    void EnqueueReserved(BehavioralEvent behavioralEvent);

    void Release(int places);

    /// <summary>Makes sure of a call's evidence before its tool runs, where <see cref="SecuresCalls"/> says so.</summary>
    /// <param name="requested">The call's first event, which the queue was given before.</param>
    /// <param name="decision">What was decided about the call; <see langword="null"/> in observe mode.</param>
    /// <param name="cancellationToken">The call's own.</param>
    /// <returns>Whether the tool may run.</returns>
    ValueTask<bool> SecureAsync(BehavioralEvent requested, EnforcementDecision? decision, CancellationToken cancellationToken) =>
        ValueTask.FromResult(true);

    /// <summary>Completes when every event taken before has been delivered or dropped, or the queue has ended.</summary>
    Task FlushAsync(CancellationToken cancellationToken);

    /// <summary>Takes no more, and ends when all is delivered or the time to drain is over. Idempotent.</summary>
    Task DrainAsync();
}
