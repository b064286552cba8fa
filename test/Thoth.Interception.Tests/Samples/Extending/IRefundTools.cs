namespace Thoth.Interception.Tests.Samples.Extending;

public interface IRefundTools
{
    [GovernedTool("refund", Action = ToolAction.Execute)]
    Task<string> RefundAsync(string order, decimal amount);

    [GovernedTool("find_order", Action = ToolAction.Read)]
    string FindOrder(string order);
}
