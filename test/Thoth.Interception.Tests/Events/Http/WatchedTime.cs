using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Thoth.Interception.Tests.Events.Http;

/// <summary>A clock that stands still and tells when somebody begins to wait for a given time, so that a test never moves it too early.</summary>
internal sealed class WatchedTime : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();
    private TimeSpan _skipped;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime > TimeSpan.Zero && dueTime <= _skipped ? TimeSpan.Zero : dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits this long, or less, are over at once.</summary>
    public void SkipsUpTo(TimeSpan wait) => _skipped = wait;

    /// <summary>Moves the clock by this much as soon as somebody waits for exactly that.</summary>
    public Task PassAsync(TimeSpan wait) => PassAsync(wait, wait);

    /// <summary>Moves the clock as soon as somebody waits for a time in this range, and tells how long it was.</summary>
    public async Task<TimeSpan> PassAsync(TimeSpan least, TimeSpan most)
    {
        TimeSpan wait;
        do
        {
            wait = await _waits.Reader.ReadAsync();
        }
        while (wait < least || wait > most);

        Advance(wait);
        return wait;
    }
}
