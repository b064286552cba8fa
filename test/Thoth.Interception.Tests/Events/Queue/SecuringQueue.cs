using System.Collections.Concurrent;
using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.Tests.Events.Queue;

/// <summary>A queue that keeps everything and secures calls as a test says.</summary>
internal sealed class SecuringQueue : ISinkQueue
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<BehavioralEvent> _events = new();

    public string Name => "outbox";

    public EventStatistics Statistics { get; } = new();

    public double Fill => 0;

    public bool IsWritable { get; init; } = true;

    public bool SecuresCalls => true;

    public Func<ValueTask<bool>> OnSecure { get; set; } = () => ValueTask.FromResult(true);

    public Task Asked => _asked.Task;

    public BehavioralEvent? Requested { get; private set; }

    public EnforcementDecision? Decision { get; private set; }

    public IReadOnlyList<BehavioralEvent> Events => [.. _events];

    public void Enqueue(BehavioralEvent behavioralEvent) => _events.Enqueue(behavioralEvent);

    public bool TryReserve(int places) => true;

    public ValueTask<bool> ReserveAsync(int places, TimeSpan timeout, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public void EnqueueReserved(BehavioralEvent behavioralEvent) => Enqueue(behavioralEvent);

    public void Release(int places)
    {
    }

    public ValueTask<bool> SecureAsync(BehavioralEvent requested, EnforcementDecision? decision, CancellationToken cancellationToken)
    {
        (Requested, Decision) = (requested, decision);
        _asked.TrySetResult();
        return OnSecure();
    }

    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DrainAsync() => Task.CompletedTask;
}
