namespace Thoth.Interception.Events.Queue;

/// <summary>
/// Queues events for one sink and delivers them. Each sink has its own queue, batches and counts, so that a slow sink does not
/// affect another. No member throws, except a wait that is cancelled and <see cref="SecureAsync"/>.
/// </summary>
internal interface ISinkQueue
{
    /// <summary>Gets the sink's name in metrics, unique in a pipeline.</summary>
    string Name { get; }

    EventStatistics Statistics { get; }

    /// <summary>Gets how full the queue is, from 0 to 1.</summary>
    double Fill { get; }

    /// <summary>Gets whether the store of the queue can be written. Memory always can.</summary>
    bool IsWritable => true;

    /// <summary>Gets whether calls need <see cref="SecureAsync"/> before their tools run.</summary>
    bool SecuresCalls => false;

    /// <summary>Adds an event, or drops and counts it. Never waits.</summary>
    void Enqueue(BehavioralEvent behavioralEvent);

    /// <summary>Reserves places for events to come, each for one <see cref="EnqueueReserved"/> or <see cref="Release"/>.</summary>
    /// <returns><see langword="false"/>, and nothing is reserved, if the queue is full or closing.</returns>
    bool TryReserve(int places);

    /// <summary>Reserves places, and waits for them if the queue is full.</summary>
    /// <returns><see langword="false"/> if the time is over or the queue is closing.</returns>
    ValueTask<bool> ReserveAsync(int places, TimeSpan timeout, CancellationToken cancellationToken);

    void EnqueueReserved(BehavioralEvent behavioralEvent);

    void Release(int places);

    /// <summary>Makes a call's evidence durable before its tool runs, if <see cref="SecuresCalls"/> is set.</summary>
    /// <param name="requested">The call's first event, which was enqueued before.</param>
    /// <param name="decision">The decision about the call; <see langword="null"/> in observe mode.</param>
    /// <param name="cancellationToken">The call's token.</param>
    /// <returns>Whether the tool may run. An exception means that it may not, and why.</returns>
    ValueTask<bool> SecureAsync(BehavioralEvent requested, EnforcementDecision? decision, CancellationToken cancellationToken) =>
        ValueTask.FromResult(true);

    /// <summary>Completes when every event enqueued before has been delivered or dropped, or the queue has ended.</summary>
    Task FlushAsync(CancellationToken cancellationToken);

    /// <summary>Accepts no more events, and ends when all are delivered or the drain timeout is over. Idempotent.</summary>
    Task DrainAsync();
}
