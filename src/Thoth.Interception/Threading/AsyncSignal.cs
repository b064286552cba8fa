using System.Threading.Channels;

namespace Thoth.Interception.Threading;

/// <summary>
/// Lets one reader wait for a signal or for the end of an interval. After an interval without work the reader sleeps until it is
/// signalled.
/// </summary>
internal sealed class AsyncSignal
{
    // A reader that waits for something else than a signal checks for it at most this often, however short its interval is.
    private static readonly TimeSpan s_shortestPoll = TimeSpan.FromMilliseconds(10);

    // One pending signal is enough, however many callers signal.
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private int _isAsleep;

    /// <summary>Whether only a signal will wake the reader.</summary>
    public bool IsAsleep => Volatile.Read(ref _isAsleep) != 0;

    /// <summary>Whether the reader's last wait was ended by a signal and not by the end of the interval.</summary>
    public bool WasSignalled { get; private set; } = true;

    public void Signal() => _signals.Writer.TryWrite(true);

    public async ValueTask WaitAsync(TimeSpan interval, TimeProvider time, Func<bool> isIdle)
    {
        if (!WasSignalled && isIdle())
        {
            // The reader sets the flag before it checks for work the last time. A writer that adds work after that check sees the
            // flag and signals.
            Interlocked.Exchange(ref _isAsleep, 1);
            if (isIdle())
            {
                await _signals.Reader.WaitToReadAsync().ConfigureAwait(false);
            }

            Interlocked.Exchange(ref _isAsleep, 0);
        }

        // A token that is cancelled already, that of an interval of 0, would leave the signal there, and the reader would never sleep again.
        if (_signals.Reader.TryRead(out _))
        {
            WasSignalled = true;
            return;
        }

        using var timer = new CancellationTokenSource(WasSignalled || interval > s_shortestPoll ? interval : s_shortestPoll, time);
        try
        {
            await _signals.Reader.ReadAsync(timer.Token).ConfigureAwait(false);
            WasSignalled = true;
        }
        catch (OperationCanceledException)
        {
            WasSignalled = false;
        }
    }
}
