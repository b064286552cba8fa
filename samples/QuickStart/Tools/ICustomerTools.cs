using Thoth.Interception;

namespace QuickStart;

/// <summary>Represents the customer tools of the agent.</summary>
public interface ICustomerTools
{
    Task<string> ExportContactsAsync(string[] columns);

    /// <summary>Writes a mail. [Sensitive] is optional: the policy sees the body, and recorded events mask it.</summary>
    Task<string> SendEmailAsync(string to, string subject, [Sensitive] string body);

    Task<string> RefundAsync(string order, decimal amount);
}
