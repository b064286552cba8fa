namespace WebMinimal.Tests;

/// <summary>Counts refunds instead of paying them.</summary>
internal sealed class FakeRefunds : IRefundTools
{
    public decimal Paid { get; private set; }

    public Task<string> RefundAsync(string order, decimal amount)
    {
        Paid += amount;
        return Task.FromResult($"Order {order} got {amount}.");
    }
}
