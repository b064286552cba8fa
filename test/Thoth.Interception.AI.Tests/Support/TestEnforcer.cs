using System.Collections.Concurrent;
using System.Text.Json;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>An enforcer that decides as a test says, owns its holds, and counts what it is asked.</summary>
internal sealed class TestEnforcer : IResolvableHoldEnforcer
{
    private readonly ConcurrentQueue<EnforcementRequest> _requests = new();
    private readonly ConcurrentDictionary<string, EnforcementDecision?> _holds = new();
    private int _polls;
    private int _tokens;

    public static EnforcementDecision Allow { get; } = new() { Type = DecisionType.Allow };

    public Func<EnforcementRequest, EnforcementDecision> Decide { get; set; } = static _ => Allow;

    public IReadOnlyList<EnforcementRequest> Requests => [.. _requests];

    /// <summary>Gets how often a hold was asked for, without peeks.</summary>
    public int Polls => _polls;

    public IReadOnlyList<string> Tokens => [.. _holds.Keys.Order(StringComparer.Ordinal)];

    public static EnforcementDecision Block(string reason) => new() { Type = DecisionType.Block, Reason = reason };

    public static EnforcementDecision Defer(TimeSpan after) => new() { Type = DecisionType.Defer, Reason = "later", DeferTimeout = after };

    public static EnforcementDecision Modify(string json) => new()
    {
        Type = DecisionType.Modify,
        ModifiedToolArgs = JsonDocument.Parse(json).RootElement.Clone(),
    };

    public EnforcementDecision Hold(string reason = "A person decides.")
    {
        var token = $"hold-{Interlocked.Increment(ref _tokens)}";
        _holds[token] = null;
        return new() { Type = DecisionType.StepUp, Reason = reason, HoldToken = token, StepUpTimeout = TimeSpan.FromHours(1) };
    }

    /// <summary>What happens at the enforcer's page.</summary>
    public void Answer(string token, bool approve) => _holds[token] = approve
        ? new() { Type = DecisionType.Allow, Reason = "approved by ada" }
        : new() { Type = DecisionType.Block, Reason = "ada said no", DecisionReasonCode = "step_up_denied" };

    public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken)
    {
        _requests.Enqueue(request);
        return ValueTask.FromResult(Decide(request));
    }

    public ValueTask<HoldStatus> GetHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _polls);
        return ValueTask.FromResult(_holds.GetValueOrDefault(holdToken) is { } answer ? HoldStatus.Resolved(answer) : HoldStatus.Pending());
    }

    public ValueTask<HoldStatus> PeekHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_holds.GetValueOrDefault(holdToken) is { } answer ? HoldStatus.Peeked(answer) : HoldStatus.Pending());

    public ValueTask<bool> ResolveHoldAsync(string holdToken, EnforcementRequest request, ApprovalAnswer answer, CancellationToken cancellationToken)
    {
        if (_holds.GetValueOrDefault(holdToken) is not null)
        {
            return ValueTask.FromResult(false);
        }

        Answer(holdToken, answer.IsApproved);
        return ValueTask.FromResult(true);
    }
}
