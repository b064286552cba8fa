using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.StepUp;

/// <summary>Asks the enforcer what became of held calls. The store decides who asks, and keeps each response.</summary>
internal sealed class HeldCallInquiry(IHoldEnforcer enforcer, IHeldCallStore store, StepUpOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Contract §3.3: the hold is lost once the enforcer has not found it this many times in a row.</summary>
    private const int MaxNotFoundInARow = 3;

    /// <summary>How often a resumed call polls if each poll fails.</summary>
    private const int MaxAttempts = 3;

    /// <summary>How long one process alone may ask for an approval. The enforcer responds within 6 s or not at all (contract §1.1.6).</summary>
    private static readonly TimeSpan s_claim = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Asks the enforcer about a pending call and stores the response before anybody is told: the enforcer delivers an approval once.
    /// No caller's token ends it.
    /// </summary>
    /// <param name="id">The id of the held call.</param>
    /// <param name="resumed">The call that is made again; <see langword="null"/> for a peek, which leaves the approval with the enforcer if it can.</param>
    /// <param name="isAnswered">Whether this process has answered the hold, so that the enforcer is asked at once.</param>
    /// <returns>The newest version; <see langword="null"/> if the call is not stored.</returns>
    public async Task<HeldCallEntry?> LearnAsync(string id, EnforcementRequest? resumed, bool isAnswered = false)
    {
        var entry = await store.GetAsync(id, CancellationToken.None).ConfigureAwait(false);
        var now = time.GetUtcNow();
        if (HeldCallStates.Of(entry, time.GetUtcNow()) is not (HeldCallState.Pending or HeldCallState.Approved) || entry!.ClaimedUntil > now)
        {
            // It is over, or another caller asks at this moment.
            return entry;
        }

        var data = HeldCallData.Of(entry);
        if (data.Resolution is not null || (resumed is null && (entry.State == HeldCallState.Approved || (!isAnswered && now - data.PeekedAt < options.PollInterval))))
        {
            return entry;
        }

        var claimed = entry with { Version = entry.Version + 1, State = HeldCallState.Pending, ClaimedUntil = now + s_claim };
        if (!await store.TryReplaceAsync(claimed, CancellationToken.None).ConfigureAwait(false))
        {
            return await store.GetAsync(id, CancellationToken.None).ConfigureAwait(false);
        }

        var status = await PollAsync(data.Decision.HoldToken!, resumed, data.ToRequest(entry)).ConfigureAwait(false);
        var resolution = status.Resolution;
        var notFound = status.IsNotFound ? data.NotFoundInARow + 1 : 0;
        if (notFound >= MaxNotFoundInARow)
        {
            resolution = EnforcementDecision.Refuse(SdkReasonCodes.StepUpPollRejected, status.NotFoundReason!);
        }

        var state = resolution is null ? HeldCallState.Pending : HeldCallStates.Of(resolution);
        var learned = claimed with
        {
            Version = claimed.Version + 1,
            State = state,
            ClaimedUntil = null,
            Data = (data with
            {
                // The enforcer still delivers an approval that it only showed.
                Resolution = status.IsPeeked && state == HeldCallState.Approved ? null : resolution,
                PeekedAt = resumed is null ? now : data.PeekedAt,
                NotFoundInARow = notFound,
            }).ToBytes(),
        };
        return await store.TryReplaceAsync(learned, CancellationToken.None).ConfigureAwait(false)
            ? learned
            : await store.GetAsync(id, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>
    /// Polls once. A failure is not a decision: the call stays held (contract §3.3). The poll of a resumed call is repeated with the same
    /// nonce, because its response may be the only one with the approval.
    /// </summary>
    private async Task<HoldStatus> PollAsync(string token, EnforcementRequest? resumed, EnforcementRequest held)
    {
        using var timeout = new CancellationTokenSource(s_claim, time);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var poll = resumed is null
                    ? enforcer.PeekHoldAsync(token, held, timeout.Token)
                    : enforcer.GetHoldAsync(token, resumed, timeout.Token);
                return await poll.AsTask().WaitAsync(timeout.Token).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                Log.FailureDetail(logger, exception, SafeText.Of(held.ToolName));
                if (resumed is null || attempt == MaxAttempts || timeout.IsCancellationRequested)
                {
                    return HoldStatus.Pending();
                }
            }
        }
    }
}
