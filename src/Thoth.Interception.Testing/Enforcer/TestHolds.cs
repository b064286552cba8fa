using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Thoth.Interception.Testing.Enforcer;

/// <summary>Holds calls until the test approves or denies them.</summary>
internal sealed class TestHolds
{
    /// <summary>The shortest interval that the options allow.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    private readonly ConcurrentDictionary<string, TestHold> _holds = new(StringComparer.Ordinal);
    private int _tokens;
    private volatile TaskCompletionSource _added = NewSignal();

    /// <summary>Gets the holds that wait for an answer, oldest first.</summary>
    public IEnumerable<TestHold> Open =>
        _holds.Where(static hold => hold.Value.IsOpen).OrderBy(static hold => hold.Key, StringComparer.Ordinal).Select(static hold => hold.Value);

    /// <summary>Completes when a call is held after this was read.</summary>
    public Task NextAdded => _added.Task;

    /// <summary>Holds a call.</summary>
    /// <returns>The token.</returns>
    public string Add(RecordedCall call, ApprovalAnswer? answer)
    {
        var token = $"test-hold-{Interlocked.Increment(ref _tokens):D8}";
        var hold = new TestHold(call);
        if (answer is not null)
        {
            hold.TryAnswer(answer);
        }

        _holds[token] = hold;
        Interlocked.Exchange(ref _added, NewSignal()).SetResult();
        return token;
    }

    public bool TryFind(string token, [NotNullWhen(true)] out TestHold? hold) => _holds.TryGetValue(token, out hold);

    public void Remove(string token) => _holds.TryRemove(token, out _);

    public void Clear() => _holds.Clear();

    /// <summary>Makes the final decision from an answer, as the local policy does.</summary>
    public static EnforcementDecision DecisionOf(ApprovalAnswer answer)
    {
        var evidence = new EnforcementEvidence
        {
            TerminalReceipt = JsonSerializer.SerializeToElement(
                new { outcome = answer.IsApproved ? "approved" : "denied", approver = answer.Approver }),
        };
        return answer.IsApproved
            ? new() { Type = DecisionType.Allow, Reason = answer.Reason, Evidence = evidence }
            : new()
            {
                Type = DecisionType.Block,
                DecisionReasonCode = "step_up_denied",
                Reason = string.IsNullOrWhiteSpace(answer.Reason) ? "The approver denied the call." : answer.Reason,
                Evidence = evidence,
            };
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
