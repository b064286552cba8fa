namespace WebMinimal;

public interface IRefundTools
{
    Task<string> RefundAsync(string order, decimal amount);
}

internal sealed class RefundTools : IRefundTools
{
    public Task<string> RefundAsync(string order, decimal amount) => Task.FromResult($"Order {order} is refunded.");
}
