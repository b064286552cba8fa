namespace StepUpApproval;

/// <summary>Refunds money. It has no code for approvals: it runs only after an approval.</summary>
public sealed class RefundTools : IRefundTools
{
    public Task<string> RefundAsync(string order, decimal amount, CancellationToken cancellationToken) =>
        Task.FromResult($"refunded {amount} for {order}");
}
