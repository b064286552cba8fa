namespace AgentChat.Tools;

/// <summary>Records the mails of the sample instead of sending them, and exports its contacts.</summary>
internal sealed class CustomerTools(Company company) : ICustomerTools
{
    public Task<string> SendEmailAsync(string to, string subject, string body)
    {
        company.Record("send_email", $"mail to {to}: {subject}", ("to", to), ("subject", subject), ("body", body));
        return Task.FromResult($"Sent to {to}.");
    }

    public Task<string> ExportContactsAsync(string[] columns)
    {
        var picked = Array.ConvertAll(columns, column => Array.IndexOf(company.Contacts[0], column));
        if (picked.Contains(-1))
        {
            return Task.FromResult($"The columns are {string.Join(", ", company.Contacts[0])}.");
        }

        company.Record("export_contacts", $"contacts exported with {string.Join(", ", columns)}", ("columns", string.Join(",", columns)));
        return Task.FromResult(string.Join('\n', company.Contacts.Select(row => string.Join(',', picked.Select(index => row[index])))));
    }
}
