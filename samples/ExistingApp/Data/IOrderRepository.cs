using ExistingApp.Domain;

namespace ExistingApp.Data;

/// <summary>Stores orders. It is registered twice: under the keys "live" and "archive".</summary>
public interface IOrderRepository
{
    Task<Order?> FindAsync(string number);

    Task<IReadOnlyList<Order>> OfCustomerAsync(string customerId);

    Task SaveAsync(Order order);
}
