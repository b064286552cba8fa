using Thoth.Interception;

namespace QuickStart;

/// <summary>What the agent can do for customers.</summary>
public interface ICustomerTools
{
    Task<string> ExportContactsAsync(string[] columns);

    /// <summary>[Sensitive] is optional: the policy sees the text, the recorded evidence does not.</summary>
    Task<string> SendEmailAsync(string to, string subject, [Sensitive] string body);

    Task<string> RefundAsync(string order, decimal amount);
}
