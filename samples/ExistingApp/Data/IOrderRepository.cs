using ExistingApp.Domain;

namespace ExistingApp.Data;

/// <summary>Registered twice: under "live" and under "archive".</summary>
public interface IOrderRepository
{
    Task<Order?> FindAsync(string number);

    Task<IReadOnlyList<Order>> OfCustomerAsync(string customerId);

    Task SaveAsync(Order order);
}
