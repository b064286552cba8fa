using Microsoft.Extensions.Logging;
using Thoth.Interception.LocalPolicy.Holds;
using Thoth.Interception.LocalPolicy.Matching;
using Thoth.Interception.LocalPolicy.Policy;
using Thoth.Interception.LocalPolicy.Reload;

namespace Thoth.Interception.LocalPolicy.Engine;

/// <summary>Evaluates a policy in this process and stores the calls that wait for an approval.</summary>
internal sealed class LocalPolicyEnforcer : ISynchronousEnforcer, IResolvableHoldEnforcer, ICountingEnforcer, IDisposable
{
    private readonly PolicyStore _policy;
    private readonly HoldRegistry _holds;
    private readonly PermittedCalls _permitted = new();

    /// <param name="source">The policy.</param>
    /// <param name="approver">The approver, if any.</param>
    /// <param name="options">The options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="maxHoldLifetime">How long callers wait or come back at most. No call is held for longer.</param>
    /// <exception cref="PolicyLoadException">The policy cannot be loaded.</exception>
    public LocalPolicyEnforcer(
        IPolicySource source,
        IApprover? approver,
        LocalPolicyOptions options,
        TimeProvider time,
        ILogger<LocalPolicyEnforcer> logger,
        TimeSpan? maxHoldLifetime = null)
    {
        _policy = new(source, options, time, logger);
        _holds = new(approver, options, maxHoldLifetime ?? TimeSpan.MaxValue, time, logger);
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
        var verdict = Decide(policy, request);

        // In observe mode calls do not wait for an approval, so no hold is opened.
        if (verdict.Decision.Type != DecisionType.StepUp || request.Context.Mode == EnforcementMode.Observe)
        {
            return verdict.Decision;
        }

        return _holds.Open(request, verdict)
            ?? policy.Refuse(LocalPolicyReasonCodes.TooManyHolds, "Too many calls wait for an approval.");
    }

    public async ValueTask<HoldStatus> GetHoldAsync(
        string holdToken, EnforcementRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(holdToken);
        ArgumentNullException.ThrowIfNull(request);
        var status = request.ResumeNonce is null
            ? await _holds.WaitAsync(holdToken, request, cancellationToken).ConfigureAwait(false)
            : _holds.Take(holdToken, request);
        return status.Resolution?.Type is DecisionType.Allow or DecisionType.Modify ? Release(request, status) : status;
    }

    public ValueTask<HoldStatus> PeekHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(holdToken);
        ArgumentNullException.ThrowIfNull(request);
        return ValueTask.FromResult(_holds.Peek(holdToken, request));
    }

    public ValueTask WithdrawHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(holdToken);
        ArgumentNullException.ThrowIfNull(request);
        _holds.Withdraw(holdToken, request);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> ResolveHoldAsync(
        string holdToken, EnforcementRequest request, ApprovalAnswer answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(holdToken);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(answer);
        return ValueTask.FromResult(_holds.Resolve(holdToken, request, answer));
    }

    public void CallNotStarted(EnforcementRequest request) => _permitted.Uncount(request);

    private PolicyVerdict Decide(CompiledPolicy policy, EnforcementRequest request)
    {
        if (!DependsOnCounts(policy, request))
        {
            return PolicyEvaluator.Decide(policy, request);
        }

        // Evaluating and counting is one step: parallel calls of the session see each other.
        var counts = _permitted.Of(request.Context);
        lock (counts)
        {
            var verdict = PolicyEvaluator.Decide(policy, request, new EvaluationFacts(counts.Read));
            if (verdict.Decision.Type is DecisionType.Allow or DecisionType.Modify || request.Context.Mode == EnforcementMode.Observe)
            {
                _permitted.Count(request, counts);
            }

            return verdict;
        }
    }

    /// <summary>Counts a held call that an approval releases, unless too many calls were permitted since it was held.</summary>
    private HoldStatus Release(EnforcementRequest request, HoldStatus approved)
    {
        var policy = _policy.Current;
        if (!DependsOnCounts(policy, request))
        {
            return approved;
        }

        var counts = _permitted.Of(request.Context);
        lock (counts)
        {
            if (HoldRelease.Refusal(counts.Read, read => PolicyEvaluator.Decide(policy, request, new EvaluationFacts(read))) is { } refusal)
            {
                return HoldStatus.Resolved(refusal);
            }

            _permitted.Count(request, counts);
            return approved;
        }
    }

    private static bool DependsOnCounts(CompiledPolicy policy, EnforcementRequest request) =>
        policy.RulesFor(request.ToolName).DependOnCounts
        || request.Context is { Mode: EnforcementMode.Progressive, ApprovedScope.Count: > 0 };

    public void Dispose()
    {
        _policy.Dispose();
        _holds.Dispose();
    }
}
