using System.Globalization;

namespace AgentChat.Tools;

/// <summary>Finds and refunds the orders of the sample.</summary>
internal sealed class OrderTools(Company company) : IOrderTools
{
    public Task<string> FindOrderAsync(string order)
    {
        company.Record("find_order", $"order {order} read", ("order", order));
        return Task.FromResult(company.Orders.TryGetValue(order, out var found)
            ? string.Create(CultureInfo.InvariantCulture, $"{found.Number}: {found.Article}, paid {found.Paid:0.00}, {found.State}, customer {found.Customer}. Note: {found.Note}")
            : $"The order {order} does not exist.");
    }

    public Task<string> RefundAsync(string order, decimal amount)
    {
        var text = amount.ToString("0.00", CultureInfo.InvariantCulture);
        company.Record("refund", $"{text} refunded for {order}", ("order", order), ("amount", text));
        return Task.FromResult($"Refunded {text} for {order}.");
    }
}
