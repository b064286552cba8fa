using System.Globalization;
using System.Net.Mail;

namespace QuickStart;

/// <summary>Uses the sample's contacts. Mail and refunds are written as files to the run's temporary folder.</summary>
internal sealed class CustomerTools(Workspace workspace, TimeProvider time) : ICustomerTools
{
    public async Task<string> ExportContactsAsync(string[] columns)
    {
        var rows = (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "contacts.csv")))
            .Select(line => line.Split(','))
            .ToList();
        var picked = Array.ConvertAll(columns, column => Array.IndexOf(rows[0], column));
        if (picked.Contains(-1))
        {
            throw new ArgumentException($"The columns are {string.Join(", ", rows[0])}.", nameof(columns));
        }

        await File.WriteAllLinesAsync(
            workspace.OutputFile("contacts.csv"),
            rows.Select(row => string.Join(',', picked.Select(index => row[index]))));
        return $"{rows.Count - 1} contacts with {string.Join(", ", columns)}";
    }

    public async Task<string> SendEmailAsync(string to, string subject, string body)
    {
        // A line break in a header would start another header.
        if (subject.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new ArgumentException("The subject is one line.", nameof(subject));
        }

        var name = $"mail-{Directory.GetFiles(workspace.OutputFolder, "mail-*.eml").Length + 1}.eml";
        string[] lines =
        [
            "From: support-agent@acme.example",
            $"To: {new MailAddress(to).Address}",
            $"Subject: {subject}",
            $"Date: {time.GetUtcNow():r}",
            "",
            body,
        ];
        await File.WriteAllTextAsync(workspace.OutputFile(name), string.Join("\r\n", lines));
        return $"wrote {name}";
    }

    public async Task<string> RefundAsync(string order, decimal amount)
    {
        var entry = string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():O},{order},{amount}");
        await File.AppendAllLinesAsync(workspace.OutputFile("ledger.csv"), [entry]);
        return string.Create(CultureInfo.InvariantCulture, $"booked {amount} in ledger.csv");
    }
}
