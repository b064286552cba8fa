using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace QuickStart;

/// <summary>Replaces the person: approves the first held call and denies every later one.</summary>
internal sealed class ScriptedApprover : IApprover
{
    public const string Name = "scripted approver";

    private int _requests;

    public ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Interlocked.Increment(ref _requests) == 1
            ? ApprovalAnswer.Approve(Name, "the first held call is approved")
            : ApprovalAnswer.Deny(Name, "one approval per run is enough."));
}
