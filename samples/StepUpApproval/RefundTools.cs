namespace StepUpApproval;

/// <summary>Knows nothing of approvals: where it runs, somebody has approved.</summary>
public sealed class RefundTools : IRefundTools
{
    public Task<string> RefundAsync(string order, decimal amount, CancellationToken cancellationToken) =>
        Task.FromResult($"refunded {amount} for {order}");
}
