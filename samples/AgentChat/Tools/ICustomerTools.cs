using System.ComponentModel;
using Thoth.Interception;

namespace AgentChat.Tools;

/// <summary>Represents the tools of the agent that reach customers.</summary>
public interface ICustomerTools
{
    [Description("Sends a mail to one address.")]
    [GovernedTool(Action = ToolAction.Execute)]
    Task<string> SendEmailAsync(
        [Description("The address.")] string to, string subject, [Sensitive, Description("The text.")] string body);

    [Description("Exports the contacts of all customers as CSV.")]
    Task<string> ExportContactsAsync([Description("The columns: name, email, phone, ssn.")] string[] columns);
}
