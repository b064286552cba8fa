namespace Thoth.Interception.Testing.Enforcer;

/// <summary>Represents a call that waits for the test's answer.</summary>
internal sealed class TestHold(RecordedCall call)
{
    private readonly TaskCompletionSource<ApprovalAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _deliveredTo;

    public RecordedCall Call => call;

    /// <summary>Completes when the test answers.</summary>
    public Task<ApprovalAnswer> Answered => _answer.Task;

    /// <summary>Gets whether the call still waits: a caller may have given up, or its time may be over.</summary>
    public bool IsOpen => !Answered.IsCompleted && call.Outcome is CallOutcome.Open or CallOutcome.Held;

    public bool TryAnswer(ApprovalAnswer answer) => _answer.TrySetResult(answer);

    /// <summary>Tells whether the answer is for this attempt: an approval goes to one attempt of a resumed call, however often that asks.</summary>
    public bool IsDeliveredTo(string attempt) => (Interlocked.CompareExchange(ref _deliveredTo, attempt, null) ?? attempt) == attempt;
}
