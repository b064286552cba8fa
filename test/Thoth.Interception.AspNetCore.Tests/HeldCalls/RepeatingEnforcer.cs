namespace Thoth.Interception.AspNetCore.Tests.HeldCalls;

/// <summary>A server that holds every call and repeats its approval to anybody who polls: it binds it to no nonce.</summary>
internal sealed class RepeatingEnforcer : IHoldEnforcer
{
    private int _delivered;

    public bool IsApproved { get; set; }

    /// <summary>Gets or sets whether the approval is delivered once only, also to a peek.</summary>
    public bool DeliversOnce { get; set; }

    /// <summary>Gets or sets whether the server is down.</summary>
    public bool Fails { get; set; }

    public int Failures { get; private set; }

    /// <summary>Gets or sets what every poll gets.</summary>
    public EnforcementDecision? Resolution { get; set; }

    public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = "the-token" });

    public ValueTask<HoldStatus> GetHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(
        Fails ? throw Failure()
        : Resolution is not null ? HoldStatus.Resolved(Resolution)
        : !IsApproved ? HoldStatus.Pending()
        : DeliversOnce && Interlocked.Increment(ref _delivered) > 1 ? HoldStatus.Resolved(new() { Type = DecisionType.Block, Reason = "delivered before" })
        : HoldStatus.Resolved(new() { Type = DecisionType.Allow }));

    private IOException Failure()
    {
        Failures++;
        return new("down");
    }
}
