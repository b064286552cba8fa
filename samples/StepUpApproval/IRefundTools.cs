namespace StepUpApproval;

/// <summary>Represents the tool of this sample. It refunds money, which a person must approve.</summary>
public interface IRefundTools
{
    Task<string> RefundAsync(string order, decimal amount, CancellationToken cancellationToken = default);
}
