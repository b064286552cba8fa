namespace StepUpApproval;

/// <summary>The tool of this sample: it pays money back, which a human must approve.</summary>
public interface IRefundTools
{
    Task<string> RefundAsync(string order, decimal amount, CancellationToken cancellationToken = default);
}
