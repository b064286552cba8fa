using ExistingApp.Domain;

namespace ExistingApp.Data;

internal sealed class ArchivedOrders : IOrderRepository
{
    private static readonly Order s_last = new("A-0007", "C-7", 19, OrderState.Shipped);

    public Task<Order?> FindAsync(string number) => Task.FromResult(number == s_last.Number ? s_last : null);

    public Task<IReadOnlyList<Order>> OfCustomerAsync(string customerId) =>
        Task.FromResult<IReadOnlyList<Order>>(customerId == s_last.CustomerId ? [s_last] : []);

    public Task SaveAsync(Order order) => throw new NotSupportedException("The archive is read-only.");
}
