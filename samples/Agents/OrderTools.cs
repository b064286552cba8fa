using System.Globalization;

namespace Agents;

internal sealed class OrderTools : IOrderTools
{
    public Task<string> ReadOrderAsync(string order) => Task.FromResult($"{order}: one lamp, 250 euros, delivered broken");

    public Task<string> RefundAsync(string order, decimal amount) =>
        Task.FromResult(string.Create(CultureInfo.InvariantCulture, $"{amount} euros refunded for {order}"));

    public Task<string> DeleteOrderAsync(string order) => Task.FromResult($"{order} deleted");
}
