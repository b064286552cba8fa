using System.Globalization;
using ExistingApp.Services;

namespace ExistingApp.Tools;

internal sealed class RefundTools(Ledger ledger) : IRefundTools
{
    public string Refund(string order, decimal amount)
    {
        ledger.Book(order, amount);
        return string.Create(CultureInfo.InvariantCulture, $"refunded {amount} for {order}, {ledger.Total} in all");
    }
}
