namespace Thoth.Interception.LocalPolicy.Holds;

/// <summary>One call that waits for its approval.</summary>
internal sealed class PendingHold(string token, ApprovalRequest approval, EnforcementDecision approved, CancellationTokenSource expiry)
    : IDisposable
{
    private readonly TaskCompletionSource<EnforcementDecision> _outcome =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock _lifetime = new();
    private int _asked;
    private int _waiting;
    private bool _disposed;

    public string Token => token;

    public ApprovalRequest Approval => approval;

    /// <summary>The monotonic time of the hold's beginning.</summary>
    public required long StartTimestamp { get; init; }

    public required TimeSpan Lifetime { get; init; }

    /// <summary>What an approval resolves to.</summary>
    public EnforcementDecision ApprovedDecision => approved;

    /// <summary>Cancelled when the hold's time is over.</summary>
    public CancellationToken Expired { get; } = expiry.Token;

    public Task<EnforcementDecision> Outcome => _outcome.Task;

    /// <summary>True for one caller only: an approver is asked once.</summary>
    public bool TryClaimApproverCall() => Interlocked.Exchange(ref _asked, 1) == 0;

    public bool TryResolve(EnforcementDecision decision) => _outcome.TrySetResult(decision);

    /// <summary>Whether the request is the one that was held: an approval of one call must not release another.</summary>
    public bool Matches(EnforcementRequest request)
    {
        var held = approval.Request;
        return string.Equals(held.ActionAttestationId, request.ActionAttestationId, StringComparison.Ordinal)
            && string.Equals(held.ToolName, request.ToolName, StringComparison.Ordinal)
            && string.Equals(held.Context.SessionId, request.Context.SessionId, StringComparison.Ordinal)
            && held.Arguments.Span.SequenceEqual(request.Arguments.Span);
    }

    /// <summary>Somebody waits: the hold lives its whole time.</summary>
    public void AddWaiter(TimeSpan left)
    {
        lock (_lifetime)
        {
            _waiting++;
            ExpireAfter(left);
        }
    }

    /// <summary>Somebody gave up waiting; with the last one goes the hold, unless one comes back in time.</summary>
    public void RemoveWaiter(TimeSpan left)
    {
        lock (_lifetime)
        {
            _waiting--;
            if (_waiting == 0)
            {
                ExpireAfter(left);
            }
        }
    }

    /// <summary>Ends the hold before its time.</summary>
    public void Cancel() => expiry.Cancel();

    public void Dispose()
    {
        lock (_lifetime)
        {
            _disposed = true;
            expiry.Dispose();
        }
    }

    private void ExpireAfter(TimeSpan left)
    {
        if (!_disposed)
        {
            expiry.CancelAfter(left);
        }
    }
}
