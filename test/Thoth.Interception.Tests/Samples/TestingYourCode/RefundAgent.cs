namespace Thoth.Interception.Tests.Samples.TestingYourCode;

public interface IRefundTools
{
    Task<string> RefundAsync(string order, decimal amount);
}

internal sealed class RefundTools : IRefundTools
{
    public Task<string> RefundAsync(string order, decimal amount) => Task.FromResult($"Order {order} got {amount}.");
}

/// <summary>The code under test: what it does if a call is refused is worth a test.</summary>
internal sealed class RefundAgent(IRefundTools tools)
{
    public async Task<string> RunAsync(string order, decimal amount)
    {
        try
        {
            return await tools.RefundAsync(order, amount);
        }
        catch (PolicyViolationException refusal)
        {
            return $"I cannot refund order {order}: {refusal.Reason}";
        }
    }
}

internal static class Greeting
{
    public static string For(IThothSessions sessions) => $"{sessions.Current.Context.UserId} used {sessions.Current.ToolCalls.Count} tools";
}
