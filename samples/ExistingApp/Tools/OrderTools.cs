using ExistingApp.Domain;
using ExistingApp.Services;

namespace ExistingApp.Tools;

internal sealed class OrderTools(OrderService orders) : IOrderTools
{
    public Task<Order?> FindOrderAsync(string number) => orders.FindAsync(number);

    public Task<IReadOnlyList<Order>> ListOrdersAsync(string customerId) => orders.OfCustomerAsync(customerId);

    public Task<Order> CancelOrderAsync(string number) => orders.CancelAsync(number);
}
