using ExistingApp.Data;
using ExistingApp.Domain;
using Microsoft.Extensions.DependencyInjection;

namespace ExistingApp.Services;

/// <summary>Finds orders in the live and the archived repository.</summary>
internal sealed class OrderService(
    [FromKeyedServices("live")] IOrderRepository live, [FromKeyedServices("archive")] IOrderRepository archive)
{
    public async Task<Order?> FindAsync(string number) => await live.FindAsync(number) ?? await archive.FindAsync(number);

    public async Task<IReadOnlyList<Order>> OfCustomerAsync(string customerId) =>
        [.. await archive.OfCustomerAsync(customerId), .. await live.OfCustomerAsync(customerId)];

    public async Task<Order> CancelAsync(string number)
    {
        var order = await live.FindAsync(number) ?? throw new InvalidOperationException($"Open order {number} was not found.");
        var cancelled = order with { State = OrderState.Cancelled };
        await live.SaveAsync(cancelled);
        return cancelled;
    }
}
