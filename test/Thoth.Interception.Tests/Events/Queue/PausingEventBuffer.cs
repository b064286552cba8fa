using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.Tests.Events.Queue;

/// <summary>Pauses after it has handed out a batch, or before it keeps an event.</summary>
internal sealed class PausingEventBuffer : IEventBuffer<BehavioralEvent>
{
    private readonly ObjectEventBuffer _events = new();
    private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _resumed = new();
    private int _pauses;
    private int _addPauses;

    public int Count => _events.Count;

    public Task Paused => _paused.Task;

    public void PauseNext() => Volatile.Write(ref _pauses, 1);

    public void PauseNextAdd() => Volatile.Write(ref _addPauses, 1);

    public void Resume() => _resumed.Set();

    public void Add(BehavioralEvent behavioralEvent)
    {
        Pause(ref _addPauses);
        _events.Add(behavioralEvent);
    }

    public void Take(List<BehavioralEvent> batch, int most)
    {
        _events.Take(batch, most);
        Pause(ref _pauses);
    }

    private void Pause(ref int pauses)
    {
        if (Interlocked.Exchange(ref pauses, 0) == 1)
        {
            _paused.TrySetResult();
            _resumed.Wait(CancellationToken.None);
        }
    }
}
