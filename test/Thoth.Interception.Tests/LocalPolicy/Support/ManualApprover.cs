using System.Collections.Concurrent;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Interception.Tests.LocalPolicy.Support;

/// <summary>An approver whose decision the test gives.</summary>
internal sealed class ManualApprover : IApprover
{
    private readonly TaskCompletionSource<ApprovalRequest> _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ApprovalAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<ApprovalRequest> Requests { get; } = new();

    /// <summary>Gets a task that completes when the approver is called.</summary>
    public Task<ApprovalRequest> Called => _called.Task;

    public CancellationToken Token { get; private set; }

    public async ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        Token = cancellationToken;
        _called.TrySetResult(request);
        return await _answer.Task;
    }

    public void Answer(ApprovalAnswer answer) => _answer.SetResult(answer);

    public void Fail(Exception exception) => _answer.SetException(exception);
}
