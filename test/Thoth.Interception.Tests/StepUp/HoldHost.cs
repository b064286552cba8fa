using System.Threading.Channels;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.StepUp;

/// <summary>A held call whose polls a test resolves one by one, on a clock that the test moves.</summary>
internal sealed class HoldHost : IAsyncDisposable
{
    private readonly Channel<TaskCompletionSource<HoldStatus>> _polls = Channel.CreateUnbounded<TaskCompletionSource<HoldStatus>>();
    private DateTimeOffset? _gaveUpAt;

    public HoldHost(Action<StepUpOptions>? configure = null, EnforcementDecision? held = null)
    {
        Host = WrappedTools.Host(options => configure?.Invoke(options.StepUp));
        Host.Enforcer.Decide = _ => held ?? WrappedTools.Decision(DecisionType.StepUp);
        Host.Enforcer.Hold = (token, _, cancellationToken) =>
        {
            if (Count == 0)
            {
                cancellationToken.Register(() => _gaveUpAt = Host!.Time.GetUtcNow());
            }

            Token = token;
            Cancellation = cancellationToken;
            Count++;
            var poll = new TaskCompletionSource<HoldStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
            _polls.Writer.TryWrite(poll);
            return new(poll.Task);
        };
    }

    public GovernedHost Host { get; }

    public string? Token { get; private set; }

    public CancellationToken Cancellation { get; private set; }

    public int Count { get; private set; }

    public bool Ran { get; private set; }

    public Task<string> Call(CancellationToken token = default) => Host.Wrap((string value, CancellationToken cancellation) =>
    {
        Ran = true;
        return Task.FromResult(value);
    })("original", token);

    public string CallSync() => Host.Wrap((string value) =>
    {
        Ran = true;
        return value;
    })("original");

    /// <summary>The next poll, once it has been asked.</summary>
    public async Task<TaskCompletionSource<HoldStatus>> NextPollAsync() => await _polls.Reader.ReadAsync();

    /// <summary>Moves the clock by little steps until the next poll comes, and says how long that took.</summary>
    public async Task<TimeSpan> ElapsedUntilNextPollAsync(TimeSpan limit)
    {
        var start = Host.Time.GetUtcNow();
        var next = _polls.Reader.WaitToReadAsync().AsTask();
        while (!next.IsCompleted && Host.Time.GetUtcNow() - start < limit)
        {
            // The pause begins on another thread after the response: it is given turns to begin before the clock moves on.
            await Eventually.YieldAsync(200, () => next.IsCompleted);
            Host.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        return Host.Time.GetUtcNow() - start;
    }

    /// <summary>Moves the clock on until the call has ended, and says when the wait was given up.</summary>
    public async Task<TimeSpan> ElapsedUntilEndOfAsync(Task call)
    {
        var start = Host.Time.GetUtcNow();
        await Eventually.TrueAsync(() => call.IsCompleted, "the held call has ended", async () =>
        {
            while (_polls.Reader.TryRead(out var poll))
            {
                poll.TrySetResult(HoldStatus.Pending());
            }

            await Eventually.YieldAsync(200, () => call.IsCompleted);
            if (!call.IsCompleted)
            {
                Host.Time.Advance(TimeSpan.FromMilliseconds(500));
            }
        });

        return _gaveUpAt!.Value - start;
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
