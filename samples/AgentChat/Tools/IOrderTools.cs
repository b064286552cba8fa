using System.ComponentModel;
using Thoth.Interception;

namespace AgentChat.Tools;

/// <summary>Represents the order tools of the agent. Models read the descriptions; policies and models use the same names.</summary>
public interface IOrderTools
{
    [Description("Finds an order by its number: customer, article, paid amount, state and the customer's note.")]
    Task<string> FindOrderAsync([Description("The number, such as A-1002.")] string order);

    [Description("Refunds money for an order. Amounts above 100 wait for a person's approval.")]
    [GovernedTool(Action = ToolAction.Execute)]
    Task<string> RefundAsync([Description("The order's number.")] string order, [Description("The amount in euros.")] decimal amount);
}
