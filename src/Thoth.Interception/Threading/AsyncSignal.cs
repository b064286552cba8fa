using System.Threading.Channels;

namespace Thoth.Interception.Threading;

/// <summary>
/// Lets one reader rest until somebody signals or time is up. While there is work now and then it rests for an interval at a
/// time; after an interval without any it sleeps until it is signalled.
/// </summary>
internal sealed class AsyncSignal
{
    // One pending signal is as good as many.
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private int _isAsleep;

    /// <summary>Nothing but a signal will wake the reader.</summary>
    public bool IsAsleep => Volatile.Read(ref _isAsleep) != 0;

    /// <summary>The reader's last rest ended by a signal, not by the end of the interval.</summary>
    public bool WasSignalled { get; private set; } = true;

    public void Signal() => _signals.Writer.TryWrite(true);

    public async ValueTask WaitAsync(TimeSpan interval, TimeProvider time, Func<bool> nothingToDo)
    {
        if (!WasSignalled && nothingToDo())
        {
            // The flag goes up before the last look: whoever adds work after that look sees the flag and signals.
            Interlocked.Exchange(ref _isAsleep, 1);
            if (nothingToDo())
            {
                await _signals.Reader.WaitToReadAsync().ConfigureAwait(false);
            }

            Interlocked.Exchange(ref _isAsleep, 0);
        }

        using var enough = new CancellationTokenSource(interval, time);
        try
        {
            await _signals.Reader.ReadAsync(enough.Token).ConfigureAwait(false);
            WasSignalled = true;
        }
        catch (OperationCanceledException)
        {
            WasSignalled = false;
        }
    }
}
