using Polly;
using Polly.Retry;

namespace Thoth.Interception.Events.Http;

/// <summary>Sets how often a batch is sent, and the delays in between (contract §5.6).</summary>
internal static class EventBackoff
{
    private const int Attempts = 3;

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <summary>Creates three attempts with delays of 100 ms and 200 ms, with jitter, so that clients that failed together do not retry together.</summary>
    public static ResiliencePipeline<IngestResponse> Pipeline(TimeProvider time) =>
        new ResiliencePipelineBuilder<IngestResponse> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<IngestResponse>
            {
                MaxRetryAttempts = Attempts - 1,
                BackoffType = DelayBackoffType.Linear,
                Delay = s_step,
                UseJitter = true,
                ShouldHandle = static attempt => ValueTask.FromResult(MayHelp(attempt.Outcome, attempt.Context.CancellationToken)),
                DelayGenerator = static attempt => ValueTask.FromResult(
                    attempt.Outcome.Exception is null ? Capped(attempt.Outcome.Result.RetryAfter) : null),
            })
            .Build();

    /// <summary>Whether a retry may help after an attempt that ended like this.</summary>
    public static bool MayHelp(Outcome<IngestResponse> outcome, CancellationToken cancellationToken) =>
        outcome.Exception is not null ? !cancellationToken.IsCancellationRequested : outcome.Result.IsTransient;

    /// <summary>Limits the delay that the API asked for to 0 to 5 s.</summary>
    public static TimeSpan? Capped(TimeSpan? retryAfter) => retryAfter switch
    {
        { } wait when wait > s_longest => s_longest,
        { } wait when wait < TimeSpan.Zero => TimeSpan.Zero,
        _ => retryAfter,
    };
}
