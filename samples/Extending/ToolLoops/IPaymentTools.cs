namespace Extending.ToolLoops;

public interface IPaymentTools
{
    Task<string> RefundAsync(string order, decimal amount, CancellationToken cancellationToken = default);
}
