namespace Thoth.Interception.LocalPolicy.Holds;

/// <summary>Represents one held call that waits for its approval.</summary>
internal sealed class PendingHold(string token, ApprovalRequest approval, EnforcementDecision approved, CancellationTokenSource expiry)
    : IDisposable
{
    private readonly TaskCompletionSource<EnforcementDecision> _outcome =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock _lifetimeLock = new();
    private int _waiters;
    private bool _disposed;

    public string Token => token;

    public ApprovalRequest Approval => approval;

    /// <summary>Gets the monotonic timestamp at which the call was held.</summary>
    public required long StartTimestamp { get; init; }

    public required TimeSpan Lifetime { get; init; }

    /// <summary>Gets the decision that an approval resolves to.</summary>
    public EnforcementDecision ApprovedDecision => approved;

    /// <summary>Gets the token that is cancelled when the hold expires.</summary>
    public CancellationToken Expired { get; } = expiry.Token;

    public Task<EnforcementDecision> Outcome => _outcome.Task;

    /// <summary>Gets the decision; <see langword="null"/> while the call waits for it.</summary>
    public EnforcementDecision? DecisionOrNull { get; private set; }

    public bool TryResolve(EnforcementDecision decision)
    {
        lock (_lifetimeLock)
        {
            if (DecisionOrNull is not null)
            {
                return false;
            }

            DecisionOrNull = decision;
        }

        return _outcome.TrySetResult(decision);
    }

    /// <summary>Gets whether the request is the held one. An approval of one call must not release another.</summary>
    public bool Matches(EnforcementRequest request) =>
        MatchesWithoutArguments(request) && approval.Arguments.Span.SequenceEqual(request.Arguments.Span);

    /// <summary>Gets whether the request asks about this hold; it runs nothing.</summary>
    public bool MatchesWithoutArguments(EnforcementRequest request)
    {
        var held = approval.Request;
        return string.Equals(held.ActionAttestationId, request.ActionAttestationId, StringComparison.Ordinal)
            && string.Equals(held.ToolName, request.ToolName, StringComparison.Ordinal)
            && string.Equals(held.Context.SessionId, request.Context.SessionId, StringComparison.Ordinal);
    }

    /// <summary>Adds a waiting caller; the hold then lasts for its full lifetime.</summary>
    public void AddWaiter(TimeSpan remaining)
    {
        lock (_lifetimeLock)
        {
            _waiters++;
            ExpireAfter(remaining);
        }
    }

    /// <summary>Removes a caller that gave up. After the last one, the hold expires unless a caller waits again in time.</summary>
    public void RemoveWaiter(TimeSpan remaining)
    {
        lock (_lifetimeLock)
        {
            _waiters--;
            if (_waiters == 0)
            {
                ExpireAfter(remaining);
            }
        }
    }

    /// <summary>Ends the hold before it expires.</summary>
    public void Cancel() => expiry.Cancel();

    public void Dispose()
    {
        lock (_lifetimeLock)
        {
            _disposed = true;
            expiry.Dispose();
        }
    }

    private void ExpireAfter(TimeSpan remaining)
    {
        if (!_disposed)
        {
            expiry.CancelAfter(remaining);
        }
    }
}
