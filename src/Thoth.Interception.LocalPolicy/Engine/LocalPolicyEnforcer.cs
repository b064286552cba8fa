using Microsoft.Extensions.Logging;
using Thoth.Interception.LocalPolicy.Holds;
using Thoth.Interception.LocalPolicy.Policy;
using Thoth.Interception.LocalPolicy.Reload;

namespace Thoth.Interception.LocalPolicy.Engine;

/// <summary>Evaluates a policy in this process and stores the calls that wait for an approval.</summary>
internal sealed class LocalPolicyEnforcer : ISynchronousEnforcer, IResolvableHoldEnforcer, IDisposable
{
    private readonly PolicyStore _policy;
    private readonly HoldRegistry _holds;

    /// <exception cref="PolicyLoadException">The policy cannot be loaded.</exception>
    public LocalPolicyEnforcer(
        IPolicySource source,
        IApprover? approver,
        LocalPolicyOptions options,
        TimeProvider time,
        ILogger<LocalPolicyEnforcer> logger)
    {
        _policy = new(source, options, time, logger);
        _holds = new(approver, options, time, logger);
    }

    /// <summary>Gets the policy in force.</summary>
    internal PolicyStore Policy => _policy;

    internal HoldRegistry Holds => _holds;

    public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) =>
        new(Evaluate(request, cancellationToken));

    public EnforcementDecision Evaluate(EnforcementRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var policy = _policy.Current;
        var verdict = PolicyEvaluator.Decide(policy, request);

        // In observe mode calls do not wait for an approval, so no hold is opened.
        if (verdict.Decision.Type != DecisionType.StepUp || request.Context.Mode == EnforcementMode.Observe)
        {
            return verdict.Decision;
        }

        return _holds.Open(request, verdict)
            ?? policy.Refuse(LocalPolicyReasonCodes.TooManyHolds, "Too many calls wait for an approval.");
    }

    public ValueTask<HoldStatus> GetHoldAsync(
        string holdToken, EnforcementRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(holdToken);
        ArgumentNullException.ThrowIfNull(request);
        return request.ResumeNonce is null
            ? _holds.WaitAsync(holdToken, request, cancellationToken)
            : ValueTask.FromResult(_holds.Take(holdToken, request));
    }

    public ValueTask<HoldStatus> PeekHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(holdToken);
        ArgumentNullException.ThrowIfNull(request);
        return ValueTask.FromResult(_holds.Peek(holdToken, request));
    }

    public ValueTask<bool> ResolveHoldAsync(
        string holdToken, EnforcementRequest request, ApprovalAnswer answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(holdToken);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        return ValueTask.FromResult(_holds.Resolve(holdToken, request, answer));
    }

    public void Dispose()
    {
        _policy.Dispose();
        _holds.Dispose();
    }
}
