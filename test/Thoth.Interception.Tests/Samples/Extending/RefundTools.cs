namespace Thoth.Interception.Tests.Samples.Extending;

internal sealed class RefundTools : IRefundTools
{
    public Task<string> RefundAsync(string order, decimal amount) => Task.FromResult($"refunded {amount}");

    public string FindOrder(string order) => $"order {order}";
}
