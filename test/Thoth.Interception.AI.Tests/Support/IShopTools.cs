
namespace Thoth.Interception.AI.Tests.Support;

[Description("The shop.")]
public interface IShopTools
{
    [Description("Reads an order.")]
    Task<string> ReadOrderAsync([Description("The order's number.")] string order, CancellationToken cancellationToken = default);

    [Description("Refunds money.")]
    Task<string> RefundAsync(string order, decimal amount = 10);

    [Description("Deletes an order.")]
    string DeleteOrder(string order, [Sensitive] string pin);

    IAsyncEnumerable<string> ListOrdersAsync(int limit = 2);

    Task<string> SearchAsync(ShopFilter filter, ShopSort sort = ShopSort.Date);
}
