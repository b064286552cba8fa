using Thoth.Interception;

namespace QuickStart.Snippets;

/// <summary>docs/running-call.md: a tool that asks for its call.</summary>
internal static class RunningCallSnippet
{
    public interface IPaymentTools
    {
        Task<string> RefundAsync(string order, decimal amount);
    }

    public interface ILedger
    {
        Task<string> BookAsync(string order, decimal amount, string? approvedBy, string idempotencyKey);
    }

    // snippet: running-call
    public sealed class PaymentTools(ICurrentToolCall current, ILedger ledger) : IPaymentTools
    {
        public Task<string> RefundAsync(string order, decimal amount)
        {
            var call = current.Call ?? throw new InvalidOperationException("Call this tool through IPaymentTools.");
            return ledger.BookAsync(order, amount, call.Approver, call.IdempotencyKey);
        }
    }

    // end-snippet
}
