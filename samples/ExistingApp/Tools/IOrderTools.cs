using ExistingApp.Domain;

namespace ExistingApp.Tools;

public interface IOrderTools
{
    Task<Order?> FindOrderAsync(string number);

    Task<IReadOnlyList<Order>> ListOrdersAsync(string customerId);

    Task<Order> CancelOrderAsync(string number);
}
