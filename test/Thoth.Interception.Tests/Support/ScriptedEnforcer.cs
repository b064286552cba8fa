using System.Collections.Concurrent;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Tests.Support;

/// <summary>An enforcer that decides as a test says and records its requests.</summary>
internal sealed class ScriptedEnforcer : ISynchronousEnforcer, IHoldEnforcer
{
    private readonly ConcurrentQueue<EnforcementRequest> _requests = new();

    public static EnforcementDecision Allow { get; } = new() { Type = DecisionType.Allow };

    public static EnforcementDecision Block { get; } = new() { Type = DecisionType.Block, Reason = "no" };

    public Func<EnforcementRequest, EnforcementDecision> Decide { get; set; } = _ => Allow;

    /// <summary>If set, makes the asynchronous decision and, through the pipeline's offload, the synchronous one.</summary>
    public Func<EnforcementRequest, CancellationToken, ValueTask<EnforcementDecision>>? DecideAsync { get; set; }

    public Func<string, EnforcementRequest, CancellationToken, ValueTask<HoldStatus>> Hold { get; set; } =
        (_, _, _) => ValueTask.FromResult(HoldStatus.Pending());

    public IReadOnlyList<EnforcementRequest> Requests => [.. _requests];

    public EnforcementRequest LastRequest => _requests.Last();

    /// <summary>Lets the decision wait until the task has completed.</summary>
    public void DecideAfter(Task gate) => DecideAsync = async (request, _) =>
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
            // What the pipeline does with an enforcer that cannot decide synchronously.
            return SynchronousWait.For(
                static state => state.Enforcer.EvaluateAsync(state.Request, state.Token), (Enforcer: this, Request: request, Token: cancellationToken));
        }

        _requests.Enqueue(request);
        return Decide(request);
    }

    public ValueTask<HoldStatus> GetHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken) =>
        Hold(holdToken, request, cancellationToken);
}
