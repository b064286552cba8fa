using System.Collections.Concurrent;

namespace Thoth.Interception.Tests.Support;

/// <summary>An enforcer that answers as a test says, and remembers what it was asked.</summary>
internal sealed class ScriptedEnforcer : IEnforcer
{
    private readonly ConcurrentQueue<EnforcementRequest> _requests = new();

    public static EnforcementDecision Allow { get; } = new() { Type = DecisionType.Allow };

    public static EnforcementDecision Block { get; } = new() { Type = DecisionType.Block, Reason = "no" };

    public Func<EnforcementRequest, EnforcementDecision> Decide { get; set; } = _ => Allow;

    /// <summary>Where set, the asynchronous answer; and, through the default implementation's offload, the synchronous one.</summary>
    public Func<EnforcementRequest, CancellationToken, ValueTask<EnforcementDecision>>? DecideAsync { get; set; }

    public Func<string, EnforcementRequest, CancellationToken, ValueTask<HoldAnswer>> Hold { get; set; } =
        (_, _, _) => ValueTask.FromResult(HoldAnswer.Pending());

    public IReadOnlyList<EnforcementRequest> Requests => [.. _requests];

    public EnforcementRequest LastRequest => _requests.Last();

    /// <summary>Lets the decision wait until the task has completed.</summary>
    public void AnswerAfter(Task gate) => DecideAsync = async (request, _) =>
    {
        await gate;
        return Decide(request);
    };

    public static EnforcementDecision Modify(string json) => new()
    {
        Type = DecisionType.Modify,
        ModifiedToolArgs = System.Text.Json.JsonDocument.Parse(json).RootElement.Clone(),
    };

    public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken)
    {
        _requests.Enqueue(request);
        return DecideAsync is null ? ValueTask.FromResult(Decide(request)) : DecideAsync(request, cancellationToken);
    }

    public EnforcementDecision Evaluate(EnforcementRequest request, CancellationToken cancellationToken)
    {
        if (DecideAsync is not null)
        {
            // The interface's own fallback, which is what an enforcer without a synchronous way has.
            return new AsyncOnly(this).AsEnforcer.Evaluate(request, cancellationToken);
        }

        _requests.Enqueue(request);
        return Decide(request);
    }

    public ValueTask<HoldAnswer> GetHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken) =>
        Hold(holdToken, request, cancellationToken);

    private sealed class AsyncOnly(ScriptedEnforcer inner) : IEnforcer
    {
        public IEnforcer AsEnforcer => this;

        public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) =>
            inner.EvaluateAsync(request, cancellationToken);

        public ValueTask<HoldAnswer> GetHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken) =>
            inner.GetHoldAsync(holdToken, request, cancellationToken);
    }
}
