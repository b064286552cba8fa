using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception;

namespace QuickStart.Snippets;

/// <summary>README: names, actions, masking and opt-out.</summary>
internal static class AttributesSnippet
{
    public static void Use(IServiceCollection services)
    {
        // snippet: governed-tools-options
        services.AddGovernedTools<IPaymentTools>(options =>
        {
            options.Arguments = ArgumentIsolation.Copy;
            options.Naming = ToolNaming.InterfaceAndMethod;
        });
        // end-snippet
    }
}

// snippet: attributes
public interface IPaymentTools
{
    // The tool is called refund_order in policies, which may also match the action.
    [GovernedTool("refund_order", Action = ToolAction.Execute)]
    Task RefundAsync(string order, decimal amount);

    // The enforcer sees the card number; logs and recorded events never do.
    Task ChargeAsync([Sensitive] string cardNumber, decimal amount);

    // Calls go straight to the implementation: they are neither evaluated nor recorded.
    [Ungoverned]
    bool IsHealthy();
}
// end-snippet
