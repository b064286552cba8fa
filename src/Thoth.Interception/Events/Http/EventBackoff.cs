using Polly;
using Polly.Retry;

namespace Thoth.Interception.Events.Http;

/// <summary>How often a batch is sent, and how long is waited between (contract §5.6).</summary>
internal static class EventBackoff
{
    private const int Attempts = 3;

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <summary>100 ms for each attempt, a quarter more or less, so that clients that failed together do not come back together.</summary>
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

    /// <summary>Whether another attempt may do better than one that ended like this.</summary>
    public static bool MayHelp(Outcome<IngestResponse> outcome, CancellationToken cancellationToken) =>
        outcome.Exception is not null ? !cancellationToken.IsCancellationRequested : outcome.Result.IsTransient;

    /// <summary>What the API asked for, as far as it is waited for.</summary>
    public static TimeSpan? Capped(TimeSpan? retryAfter) => retryAfter switch
    {
        { } wait when wait > s_longest => s_longest,
        { } wait when wait < TimeSpan.Zero => TimeSpan.Zero,
        _ => retryAfter,
    };
}
