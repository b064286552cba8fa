namespace Thoth.Interception.AspNetCore.Tests.HeldCalls;

public interface IRefundTools
{
    Task<string> RefundAsync(string order, decimal amount);
}
