using System.Collections.Concurrent;
using ExistingApp.Domain;

namespace ExistingApp.Data;

internal sealed class LiveOrders : IOrderRepository
{
    private readonly ConcurrentDictionary<string, Order> _orders = new(StringComparer.Ordinal)
    {
        ["A-1001"] = new Order("A-1001", "C-7", 40, OrderState.Shipped),
        ["A-1002"] = new Order("A-1002", "C-7", 250, OrderState.Placed),
    };

    public Task<Order?> FindAsync(string number) => Task.FromResult(_orders.GetValueOrDefault(number));

    public Task<IReadOnlyList<Order>> OfCustomerAsync(string customerId) =>
        Task.FromResult<IReadOnlyList<Order>>([.. _orders.Values.Where(order => order.CustomerId == customerId).OrderBy(order => order.Number)]);

    public Task SaveAsync(Order order)
    {
        _orders[order.Number] = order;
        return Task.CompletedTask;
    }
}
