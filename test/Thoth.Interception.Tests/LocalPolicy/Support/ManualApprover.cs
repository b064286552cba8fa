using System.Collections.Concurrent;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Interception.Tests.LocalPolicy.Support;

/// <summary>An approver whose answers a test gives by hand.</summary>
internal sealed class ManualApprover : IApprover
{
    private readonly TaskCompletionSource<ApprovalRequest> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ApprovalAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<ApprovalRequest> Requests { get; } = new();

    /// <summary>Completes when the approver is asked.</summary>
    public Task<ApprovalRequest> Asked => _asked.Task;

    public CancellationToken Token { get; private set; }

    public async ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        Token = cancellationToken;
        _asked.TrySetResult(request);
        return await _answer.Task;
    }

    public void Answer(ApprovalAnswer answer) => _answer.SetResult(answer);

    public void Fail(Exception exception) => _answer.SetException(exception);
}
