using ExistingApp.Services;

namespace ExistingApp.Tools;

internal sealed class DailyReportTools(OrderService orders, Ledger ledger) : IReportTools
{
    public async Task<string> BuildReportAsync(string customerId) =>
        $"today: {(await orders.OfCustomerAsync(customerId)).Count} orders, {ledger.Total} refunded";
}
