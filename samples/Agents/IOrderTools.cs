using System.ComponentModel;

namespace Agents;

public interface IOrderTools
{
    [Description("Reads an order.")]
    Task<string> ReadOrderAsync([Description("The order's number, such as A-1001.")] string order);

    [Description("Refunds money for an order.")]
    Task<string> RefundAsync(string order, [Description("In euros.")] decimal amount);

    [Description("Deletes an order.")]
    Task<string> DeleteOrderAsync(string order);
}
